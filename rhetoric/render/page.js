"use strict";
(() => {
  const card = document.getElementById("card"), root = document.documentElement;
  let shown = null, pinned = null;
  root.classList.add("js");

  function fill(ids) {
    const list = document.createElement("ul");
    list.className = ids[0].startsWith("x") ? "notes scores" : "notes";
    for (const id of ids) {
      const note = document.getElementById(id).cloneNode(true);
      note.removeAttribute("id");
      list.append(note);
    }
    card.replaceChildren(list);
    card.hidden = false;
  }

  function place(mark) {
    card.style.top = "";
    if (!matchMedia("(min-width: 1100px)").matches) return;
    const top = mark.getBoundingClientRect().top, most = innerHeight - card.offsetHeight - 12;
    card.style.top = Math.max(12, Math.min(top - 12, most)) + "px";
  }

  function show(mark) {
    fill(mark.getAttribute("aria-describedby")?.split(" ") ?? [mark.hash.slice(1)]);
    place(mark);
    shown?.classList.remove("lit");
    shown = mark;
    mark.classList.add("lit");
  }

  function hide() {
    card.hidden = true;
    shown?.classList.remove("lit");
    shown = pinned = null;
  }

  const marked = (event) => event.target.closest?.("a.m, a.n");
  document.addEventListener("mouseover", (event) => { const mark = marked(event); if (mark && !pinned) show(mark); });
  document.addEventListener("mouseout", (event) => { if (marked(event) && !pinned) hide(); });
  document.addEventListener("focusin", (event) => { const mark = marked(event); if (mark) { pinned = null; show(mark); } });
  document.addEventListener("focusout", (event) => { if (marked(event) && !pinned) hide(); });
  document.addEventListener("click", (event) => {
    const mark = marked(event), link = event.target.closest("#card a");
    if (mark) {
      event.preventDefault();
      show(mark);
      pinned = mark;
    } else if (link && /^#[nxt]\d/.test(link.hash)) {
      event.preventDefault();
      fill([link.hash.slice(1)]);
      place(shown);
    } else if (!card.contains(event.target)) hide();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
})();
