"use strict";
// Finds entries whose key contains the normalised words exactly; several words must all be there.
(() => {
  const SHOWN = 50;
  const { kinds, entries } = window.BANGO_SEARCH;
  const keys = entries.map(([, ja, en, , words]) => bangoKey(`${ja} ${en} ${words}`));
  const english = document.documentElement.lang === "en";
  const box = document.getElementById("words");
  const status = document.getElementById("found");
  const list = document.getElementById("results");
  const names = entries.map(([, ja, en]) => [bangoKey(ja), bangoKey(en)]);
  // What is called so comes before what is called something like it, and that before what only speaks of it.
  const rank = (place, word) => (names[place].some((one) => one.startsWith(word)) ? 0 : names[place].some((one) => one.includes(word)) ? 1 : 2);
  const found = (words) => {
    const hits = [];
    keys.forEach((key, place) => { if (words.every((word) => key.includes(word))) hits.push([rank(place, words[0]), place]); });
    return hits.sort((one, other) => one[0] - other[0] || one[1] - other[1]).map(([, place]) => entries[place]);
  };
  const shown = ([kind, ja, en, path]) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = path;
    link.textContent = english && en ? en : ja;
    const beside = document.createElement("span");
    beside.className = "beside";
    beside.textContent = kinds[kind][english ? 1 : 0];
    item.append(link, beside);
    return item;
  };
  const search = () => {
    const words = box.value.split(/\s+/).map(bangoKey).filter(Boolean);
    const hits = words.length ? found(words) : [];
    list.replaceChildren(...hits.slice(0, SHOWN).map(shown));
    const data = status.dataset;
    status.textContent = !words.length ? "" : !hits.length ? data.none
      : hits.length > SHOWN ? `${hits.length} ${data.more} ${SHOWN}` : `${hits.length} ${data.found}`;
    history.replaceState(null, "", box.value ? `#${encodeURIComponent(box.value)}` : location.pathname);
  };
  document.getElementById("search").hidden = false;
  document.getElementById("no-script").hidden = true;
  try { box.value = decodeURIComponent(location.hash.slice(1)); } catch { box.value = ""; }
  box.addEventListener("input", search);
  search();
  box.focus();
})();
