"use strict";
(() => {
  const table = document.querySelector("table.index"), body = table.tBodies[0];
  const order = new Intl.Collator("en", { numeric: true });
  for (const head of table.querySelectorAll("th[data-key]")) {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const numbers = !head.classList.contains("name"), was = head.getAttribute("aria-sort");
      const next = was ? (was === "ascending" ? "descending" : "ascending") : numbers ? "descending" : "ascending";
      table.querySelector("[aria-sort]")?.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", next);
      const key = (row) => row.cells[head.cellIndex].dataset.sort, sign = next === "ascending" ? 1 : -1;
      body.append(...[...body.rows].sort((a, b) => sign * (numbers ? key(a) - key(b) : order.compare(key(a), key(b)))));
    });
  }
})();
