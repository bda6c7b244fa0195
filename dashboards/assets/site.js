/* Draws each chart from the table under it, and sorts and filters the scorecard. Asks nobody. */
(() => {
  "use strict";
  const templates = typeof chartTemplates === "undefined" ? {} : chartTemplates;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  /* A label is broken into lines, so that none is cut off on a narrow screen. */
  const pieces = (word, width) => word.match(new RegExp(`.{1,${width}}`, "gu")) ?? [];
  const wrapped = (text, width) => text.split(" ").flatMap((word) => pieces(word, width)).reduce((lines, word) => {
    const last = lines[lines.length - 1];
    if (last && (last + " " + word).length <= width) lines[lines.length - 1] = last + " " + word;
    else lines.push(word);
    return lines;
  }, []).join("\n");

  const number = (text) => (text === undefined ? null : Number(text));

  function rowsOf(table, width) {
    const roles = [...table.tHead.rows[0].cells].map((cell) => cell.dataset.role);
    return [...table.tBodies[0].rows].map((line) => {
      const row = { low: null, high: null, value: null, sure: true, words: "", label: "" };
      [...line.cells].forEach((cell, at) => {
        const role = roles[at];
        if (role === "value") {
          row.value = number(cell.dataset.value);
          row.low = number(cell.dataset.low);
          row.high = number(cell.dataset.high);
          row.sure = !cell.querySelector(".doubt");
          row.words = cell.textContent.trim().replace(/\s+/g, " ");
        } else if (role === "label") row.label = wrapped(cell.textContent.trim(), width);
        else if (role) row[role] = cell.dataset.value;
      });
      if (row.period) row.label = row.period;
      return row;
    }).filter((row) => row.value !== null);
  }

  const isNarrow = (figure) => figure.clientWidth < 520;

  function look(figure) {
    const soft = ink("--soft"), rule = ink("--rule");
    return {
      background: "transparent", font: getComputedStyle(document.body).fontFamily,
      axis: { labelColor: soft, titleColor: soft, domainColor: rule, tickColor: rule, gridColor: rule, labelFontSize: 12 },
      legend: { labelColor: ink("--ink"), labelFontSize: 12, symbolType: "circle", symbolOpacity: 1, columns: isNarrow(figure) ? 2 : 0 },
      view: { stroke: null },
      area: { color: ink("--whisker") }, line: { color: ink("--point") },
      point: { color: ink("--point") }, rule: { color: ink("--whisker") },
      range: { category: ["--first", "--second", "--third", "--fourth"].map(ink) },
    };
  }

  /* Each label gets room for its lines and for the points of all its series. */
  function heightFor(rows) {
    const labels = new Set(rows.map((row) => row.label)), series = new Set(rows.map((row) => row.series));
    const lines = Math.max(...rows.map((row) => row.label.split("\n").length));
    return labels.size * Math.max(30, 17 * lines, 15 * series.size);
  }

  async function draw(figure) {
    const place = figure.querySelector(".chart"), table = figure.querySelector("table");
    const spec = structuredClone(templates[figure.dataset.chart]);
    const rows = rowsOf(table, isNarrow(figure) ? 20 : 34);
    /* The interval is the first layer; where no row has one there is none to draw. */
    if (rows.every((row) => row.low === null)) spec.layer.shift();
    spec.datasets = { rows };
    if (!rows[0].period) spec.height = heightFor(rows);
    spec.autosize = { type: "fit-x", contains: "padding" };
    spec.config = look(figure);
    await vegaEmbed(place, spec, { actions: false, renderer: "svg", ast: true, defaultStyle: false, tooltip: { sanitize: (value) => String(value).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`) } });
    place.querySelector("svg").setAttribute("aria-hidden", "true");
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", figure.dataset.alternative);
  }

  async function drawAll() {
    for (const figure of document.querySelectorAll("figure[data-chart]")) {
      if (figure.offsetParent !== null) await draw(figure);
    }
    document.body.dataset.ready = "1";
  }

  /* The scorecard: a heading's button sorts, the box above narrows both lists. */
  function sorted(table, at, down) {
    const body = table.tBodies[0];
    const key = (line) => {
      const cell = line.cells[at], said = cell.querySelector("[data-sort]") ?? cell;
      const text = said.dataset.sort ?? said.textContent.trim();
      return text === "" ? null : Number.isNaN(Number(text)) ? text.toLowerCase() : Number(text);
    };
    const lines = [...body.rows].map((line) => [key(line), line]);
    const rank = (a, b) => (typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a === "number" ? -1 : 1);
    /* What is not known comes last, whichever way. */
    lines.sort(([a], [b]) => (a === null) - (b === null) || (down ? rank(b, a) : rank(a, b)));
    body.append(...lines.map(([, line]) => line));
  }

  for (const table of document.querySelectorAll("table[data-sortable]")) {
    [...table.tHead.rows[0].cells].forEach((head, at) => {
      const button = head.querySelector("button");
      if (!button) return;
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        sorted(table, at, down);
      });
    });
  }

  const box = document.getElementById("filter");
  if (box) {
    const said = document.getElementById("filtered");
    const lines = document.querySelectorAll("[data-name]");
    box.closest("form").hidden = false;
    box.closest("form").addEventListener("submit", (event) => event.preventDefault());
    box.addEventListener("input", () => {
      const wanted = box.value.trim().toLowerCase();
      let shown = 0;
      for (const line of lines) {
        line.hidden = !line.dataset.name.toLowerCase().includes(wanted);
        shown += !line.hidden;
      }
      said.textContent = wanted ? `${shown} of ${lines.length} audiences` : "";
    });
  }

  drawAll();
  dark.addEventListener("change", drawAll);
})();
