"use strict";
// Narrows the entries of a page by words and facets.
for (const bar of document.querySelectorAll("[data-filter]")) {
  const entries = [...document.querySelectorAll("[data-entry]")];
  const keys = entries.map((one) => one.dataset.key || bangoKey(one.textContent));
  const text = bar.querySelector("[data-filter-text]");
  const facets = [...bar.querySelectorAll("[data-filter-facet]")];
  const count = bar.querySelector("[data-filter-count]");
  const chosen = (one, facet) => !facet.value || (one.dataset[facet.dataset.filterFacet] || "").split(" ").includes(facet.value);
  const narrow = () => {
    const wanted = bangoKey(text.value);
    let shown = 0;
    entries.forEach((one, place) => {
      const fits = keys[place].includes(wanted) && facets.every((facet) => chosen(one, facet));
      one.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    count.textContent = `${shown} ${count.dataset.shown}`;
  };
  for (const control of [text, ...facets]) control.addEventListener("input", narrow);
  bar.hidden = false;
  narrow();
}
