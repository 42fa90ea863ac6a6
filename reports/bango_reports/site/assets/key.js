"use strict";
// A text's search key, made as the spec's characters say (see search-rules.js): width, case, kana, dashes and variants folded.
const bangoKey = (() => {
  const rules = window.BANGO_SEARCH_RULES;
  const known = new Map();
  for (const [low, high] of rules.dashes[0]) for (let code = low; code <= high; code += 1) known.set(String.fromCodePoint(code), rules.dashes[1]);
  for (const group of rules.variants) { const [first, ...rest] = [...group]; for (const one of rest) known.set(one, first); }
  for (let code = 0x3041; code < 0x3097; code += 1) known.set(String.fromCodePoint(code), String.fromCodePoint(code + 0x60));
  known.set("ゝ", "ヽ").set("ゞ", "ヾ");
  for (const [one, made] of known) if (rules.kana[made]) known.set(one, rules.kana[made]);
  for (const [one, made] of Object.entries(rules.kana)) known.set(one, made);
  const hex = (code) => `\\u{${code.toString(16)}}`;
  const dropped = new RegExp(`[${rules.dropped.map(([low, high]) => `${hex(low)}-${hex(high)}`).join("")}]`, "gu");
  return (text) => {
    const key = text.replace(dropped, "").normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
    const bare = key.replace(dropped, "").replace(/\p{M}/gu, "").normalize("NFKC");
    let made = "";
    for (const one of bare) made += known.get(one) || one;
    return made;
  };
})();
