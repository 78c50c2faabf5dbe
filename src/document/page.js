// Tables that are worth it can be sorted by a column and filtered by words. Without this the page is read as it stands.
"use strict";
for (const table of document.querySelectorAll("table[data-browsable]")) {
  const body = table.tBodies[0];
  const original = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];

  const value = (row, column) => {
    const cell = row.cells[column];
    return "key" in cell.dataset ? Number(cell.dataset.key) : cell.textContent.trim();
  };
  const compare = (a, b) => {
    if (typeof a === "number" && typeof b === "number") return a - b;
    if (typeof a === "number") return -1;
    if (typeof b === "number") return 1;
    return a < b ? -1 : a > b ? 1 : 0;
  };
  const sort = (column) => {
    const descending = heads[column].getAttribute("aria-sort") === "ascending";
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[column].setAttribute("aria-sort", descending ? "descending" : "ascending");
    const sign = descending ? -1 : 1;
    const rows = [...original].sort((a, b) => sign * compare(value(a, column), value(b, column)));
    body.append(...rows);
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(column));
    head.append(button);
  });

  const bar = document.createElement("div");
  bar.className = "filter";
  const label = document.createElement("label");
  label.textContent = "Rows with";
  const input = document.createElement("input");
  input.type = "search";
  input.placeholder = "every one of these words";
  label.append(input);
  const count = document.createElement("output");
  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of original) {
      const cells = [...row.cells].map((cell) => cell.textContent).join(" ").toLowerCase();
      row.hidden = !words.every((word) => cells.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    count.textContent = `${shown} of ${original.length} rows`;
  };
  input.addEventListener("input", filter);
  bar.append(label, count);
  table.parentElement.before(bar);
  filter();
}
