"use strict";
// Narrows the tests of a report, and hides what only engineers read; without it everything is shown.
(() => {
  const bar = document.querySelector(".filters");
  const views = document.querySelector(".views");
  const cases = [...document.querySelectorAll("[data-case]")];
  const sections = [...document.querySelectorAll("[data-clause]")];
  const texts = new Map(sections.map((one) => [one, one.textContent.normalize("NFKC").toLowerCase()]));
  const count = bar.querySelector("[data-count]");
  const chosen = (name) => bar.querySelector(`[data-filter=${name}]`).value;
  const narrow = () => {
    const [verdict, kind, text] = [chosen("case"), chosen("kind"), chosen("text").normalize("NFKC").toLowerCase()];
    const named = new Set(sections.filter((one) => texts.get(one).includes(text)));
    const shown = new Set();
    for (const one of cases) {
      const section = one.closest("[data-clause]");
      const fits = (!verdict || one.dataset.case === verdict) && (!kind || one.dataset.kind === kind) && (!section || named.has(section));
      one.hidden = !fits;
      if (fits) shown.add(one.querySelector("code, a")?.textContent || one);
    }
    for (const section of sections) {
      const own = [...section.querySelectorAll("[data-case]")];
      section.hidden = !named.has(section) || ((verdict || kind) !== "" && !own.some((one) => !one.hidden));
    }
    for (const box of document.querySelectorAll("details.green")) box.open = (verdict || kind) !== "" && [...box.querySelectorAll("[data-case]")].some((one) => !one.hidden);
    count.textContent = `${shown.size} ${count.dataset.count}`;
  };
  const view = (event) => {
    const only = event.target.closest("[data-view]").dataset.view === "executive";
    document.body.classList.toggle("executive", only);
    for (const one of views.querySelectorAll("[data-view]")) one.setAttribute("aria-pressed", String((one.dataset.view === "executive") === only));
  };
  bar.addEventListener("input", narrow);
  for (const one of views.querySelectorAll("[data-view]")) one.addEventListener("click", view);
  views.hidden = bar.hidden = false;
  narrow();
})();
