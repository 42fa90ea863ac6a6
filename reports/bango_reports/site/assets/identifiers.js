"use strict";
// Check digits, computed on the page and sent nowhere.
for (const box of document.querySelectorAll(".calculator")) {
  const { weights, modulus, from, overflow, position, prefix } = box.dataset;
  const heavy = weights.split(",").map(Number);
  const input = box.querySelector("input");
  const answer = box.querySelector("[role=status]");
  const show = () => {
    const body = input.value;
    if (!body) { answer.textContent = ""; return; }
    if (!/^[0-9]+$/.test(body) || body.length !== heavy.length) { answer.textContent = answer.dataset.wrong; return; }
    const sum = heavy.reduce((total, weight, place) => total + weight * Number(body[place]), 0);
    const raw = Number(from) - (sum % Number(modulus));
    const digit = raw < 10 ? raw : overflow === "zero" ? 0 : raw % 10;
    const whole = prefix + (position === "first" ? `${digit}${body}` : `${body}${digit}`);
    answer.textContent = `${answer.dataset.answer}: ${digit}　${answer.dataset.whole}: ${whole}`;
  };
  input.addEventListener("input", show);
  box.hidden = false;
}
