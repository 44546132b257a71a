"""An analysis as CSV files: a row a sentence, a finding, a charged label; columns as in `tables.COLUMNS`."""

from __future__ import annotations

import csv
from io import StringIO

from rhetoric.records import Analysis
from rhetoric.tables import COLUMNS, Table, rows


def to_csv(analysis: Analysis, table: Table) -> str:
    """Return a table of an analysis as CSV with a line of column names; what the text does not give is an empty field.

    Parameters
    ----------
    analysis : Analysis
        What the program says about one article.
    table : {"sentences", "findings", "voices", "ledger"}
        Which table.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS[table])
    writer.writerows(rows(analysis, table))
    return out.getvalue()
