"use strict";
// この照会はできますか / この番号は使えますか: the same lookup as the command `bango spec permits` makes, on the data of the page.
const bangoMeet = (one, other) => one.some((entry) => other.includes(entry));
const bangoWide = (at, kind) => (window.BANGO_QUESTION.kinds[at.id] || {})[kind] || [kind];
const bangoDecide = (at, item, { asker, provider, information }) => {
  const { covers } = window.BANGO_QUESTION;
  if (!bangoMeet(covers[asker] || [], item.askers)) return { yes: false, why: "asker", line: null };
  if (provider === undefined) return { yes: true, line: null, level: item.asked ? "order" : "table" };
  const kind = bangoWide(at, information);
  const covering = covers[provider] || [];
  const line = item.lines.findIndex((one) => bangoMeet(covering, one[0]) && bangoMeet(kind, one[1])) + 1;
  if (!line) return { yes: false, why: "line", line: null };
  if (item.asked && !bangoMeet(kind, item.asked)) return { yes: false, why: "order", line, level: "order" };
  return { yes: true, line, level: item.asked ? "order" : "table" };
};
(() => {
  const data = window.BANGO_QUESTION;
  const place = document.getElementById("question");
  const inquiries = place.dataset.table === "schedule2";
  const base = place.dataset.base;
  const english = document.documentElement.lang === "en";
  const say = (ja, en) => (english ? en : ja);
  const name = (pair) => pair[english ? 1 : 0];
  const room = inquiries ? "permits" : "uses";
  const make = (tag, told = {}, ...inside) => { const one = Object.assign(document.createElement(tag), told); one.append(...inside); return one; };
  const meets = bangoMeet;
  const edition = (date) => data.editions.filter((one) => one.from <= date).sort((a, b) => (a.from < b.from ? 1 : -1))[0];
  const wide = bangoWide;
  const place_of = (item, line) => say(`${item.replaceAll("-", "の")}の項${line ? `${line}行目` : ""}`, `item ${item}${line ? `, line ${line}` : ""}`);

  const era = new Intl.DateTimeFormat("ja-JP-u-ca-japanese", { era: "long", year: "numeric", month: "long", day: "numeric", timeZone: "UTC" });
  const dated = (day) => `${day}（${era.format(new Date(`${day}T00:00:00Z`))}）`;

  const fields = {};
  const field = (id, label, control) => {
    control.id = `q-${id}`;
    fields[id] = control;
    return make("div", {}, make("label", { htmlFor: control.id, textContent: label }), control);
  };
  const options = (control, entries, empty) => {
    const before = control.value;
    control.replaceChildren(make("option", { value: "", textContent: empty }), ...entries.map(([value, text]) => make("option", { value, textContent: text })));
    if (entries.some(([value]) => value === before)) control.value = before;
  };
  const parties = (ids) => ids.map((id) => [id, name(data.parties[id])]);
  const choose = say("選んでください", "Choose");

  const form = make("div", { className: "form" });
  const date = make("input", { type: "date", value: data.default });
  form.append(field("date", say("いつの法令で（日付）", "By the law of which day"), date));
  form.append(field("asker", inquiries ? say("だれが照会しますか", "Who asks?") : say("だれが使いますか", "Who uses it?"), make("select")));
  form.append(field("task", say("どの事務のためですか", "For which task?"), make("select")));
  if (inquiries) {
    form.append(field("provider", say("だれから受け取りますか", "From whom?"), make("select")));
    form.append(field("information", say("何の情報ですか", "Which information?"), make("select")));
  }
  const answer = make("div", { className: "answer", hidden: true });
  answer.setAttribute("role", "status");
  place.append(form, answer);

  const fill = () => {
    const at = edition(date.value);
    const items = at ? at.items : [];
    const asked = (party) => items.filter((one) => meets(data.covers[party] || [], one.askers));
    const named = new Set(items.flatMap((one) => one.askers));
    options(fields.asker, parties(Object.keys(data.covers).filter((id) => data.covers[id].some((one) => named.has(one)))), choose);
    const mine = asked(fields.asker.value);
    const label = (one) => `${place_of(one.id)} ${one.tasks.map(name).join(say("、", "; "))}`;
    options(fields.task, (fields.asker.value ? mine : items).map((one) => [one.id, label(one)]), choose);
    if (!inquiries) return;
    const providers = new Set(items.flatMap((one) => one.lines.flatMap((line) => line[0])));
    const kinds = new Set(items.flatMap((one) => one.lines.flatMap((line) => line[1])));
    options(fields.provider, parties(Object.keys(data.covers).filter((id) => data.covers[id].some((one) => providers.has(one)))), choose);
    options(fields.information, Object.keys(data.information).filter((kind) => at && meets(wide(at, kind), [...kinds])).map((kind) => [kind, name(data.information[kind])]), choose);
  };

  const link = (path, text) => make("a", { href: base + path, textContent: text });
  const show = () => {
    const at = edition(date.value);
    const ready = at && Object.values(fields).every((one) => one.value);
    answer.hidden = !ready && Boolean(at);
    answer.className = "answer";
    if (!at) { answer.replaceChildren(make("p", { textContent: say("この日の版はここにありません。", "No edition for this day is here.") })); return; }
    if (!ready) return;
    const item = at.items.find((one) => one.id === fields.task.value);
    const said = bangoDecide(at, item, {
      asker: fields.asker.value,
      ...(inquiries ? { provider: fields.provider.value, information: fields.information.value } : {}),
    });
    answer.classList.add(said.yes ? "is-yes" : "is-no");
    const where = inquiries
      ? `law/${at.id}/${place.dataset.table}/${item.id}.html${said.line ? `#line-${said.line}` : ""}`
      : `law/${at.id}/${place.dataset.table}.html#item-${item.id}`;
    const lines = [
      make("p", {}, make("strong", { textContent: said.yes ? say("○ できます", "○ Yes") : say("× できません", "× No") })),
      make("p", { textContent: say(`${dated(date.value)}に読める版：${name(at.name)}（${at.id}）`, `Edition in force on ${dated(date.value)}: ${name(at.name)} (${at.id})`) }),
      make("p", {}, link(where, place_of(item.id, said.line))),
    ];
    if (said.level) lines.push(make("p", { textContent: said.level === "order" ? say("主務省令まで調べました。", "Decided down to the order.") : say("表まで調べました（主務省令は手元にありません）。", "Decided at the table; the order is not here.") }));
    if (said.why === "order") lines.push(make("p", { textContent: say("表の行にはありますが、主務省令に、この情報を求める手続がありません。", "The line names it, but no procedure of the order asks for it.") }));
    if (said.why === "asker") lines.push(make("p", { textContent: say("この項の照会者ではありません。", "The item does not name this asker.") }));
    if (said.why === "line") {
      lines.push(make("p", { textContent: say("この項で受け取れるのは次のとおりです。", "Under this item these can be obtained:") }));
      lines.push(make("ul", {}, ...item.lines.map((line, number) => make("li", {}, link(`law/${at.id}/${place.dataset.table}/${item.id}.html#line-${number + 1}`, place_of(item.id, number + 1)), ` ${line[0].map((id) => name(data.parties[id])).join(say("、", ", "))}: ${line[1].map((kind) => name(data.information[kind])).join(say("、", ", "))}`))));
    }
    for (const limit of at.limits) lines.push(make("p", { className: "beside", textContent: name(limit) }));
    for (const [first, last, ja, en] of data.gaps) if (first <= date.value && date.value <= last) lines.push(make("p", { className: "note", textContent: say(ja, en) }));
    const proofs = said.line && inquiries ? item.lines[said.line - 1][2] : [];
    if (proofs.length) {
      lines.push(make("p", { textContent: say("これを確かめる試験", "Tests that prove it") }));
      lines.push(make("ul", {}, ...proofs.map(([id, clause, ja, en]) => make("li", {}, link(`clauses/${clause}.html#${encodeURIComponent(id)}`, say(ja, en))))));
    }
    if (fields.asker.value) lines.push(make("p", {}, link(`${room}/${at.id}/${data.pages[at.id][fields.asker.value]}.html`, say("この者にできることの一覧", "Everything this one may do"))));
    answer.replaceChildren(...lines);
  };
  form.addEventListener("input", () => { fill(); show(); });
  place.hidden = false;
  fill();
})();
