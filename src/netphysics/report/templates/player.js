const element = id => document.getElementById(id), at = element("at"), last = frames.length - 1;
let now = 0, timer = null;
function draw(ends, kind, place) {
  const n = ends.length / 2, x = column => 20 * column + 10, y = row => 20 * (n - 1 - row) + 10;
  const rows = Array.from({length: n}, () => []), columns = rows.map((_, c) => ends.slice(2 * c, 2 * c + 2));
  ends.forEach((row, k) => rows[row].push(k >> 1));
  const name = (of, p) => of === kind && p === place ? "moved" : "line";
  const path = (d, className) => `<path class="${className}" d="${d}"/>`;
  const flat = rows.map(([a, b], r) => path(`M${x(a)} ${y(r)}H${x(b)}`, name("row", r)));
  const tall = columns.map(([a, b], c) => {
    const around = path(`M${x(c)} ${y(a) - 5}V${y(b) + 5}`, "under");
    return around + path(`M${x(c)} ${y(a)}V${y(b)}`, name("column", c));
  });
  const dots = columns.map((both, c) => both.map(r => `<circle cx="${x(c)}" cy="${y(r)}" r="1.2"/>`).join(""));
  const lines = [...flat, ...tall, ...dots].join("");
  element("grid").innerHTML = `<svg viewBox="0 0 ${20 * n} ${20 * n}" role="img">${lines}</svg>`;
}
function show(k) {
  now = Math.max(0, Math.min(last, k));
  at.value = now;
  const [step, ends, kind, place] = frames[now];
  draw(ends, kind, place);
  element("said").textContent = `After ${step} of ${names.moves} moves: ${ends.length / 2} arcs. ${names.next[now]}`;
}
function stop() { clearInterval(timer); timer = null; }
function play() {
  if (timer) return stop();
  if (now === last) show(0);
  timer = setInterval(() => { show(now + 1); if (now === last) stop(); }, Math.max(40, Math.min(500, 20000 / last)));
}
function step(k) { stop(); show(k); }
element("back").onclick = () => step(now - 1);
element("on").onclick = () => step(now + 1);
element("play").onclick = play;
at.oninput = () => step(+at.value);
document.addEventListener("keydown", event => {
  const to = {ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last}[event.key];
  if (to !== undefined) step(to);
  else if (event.key === " " && event.target.tagName !== "BUTTON") play();
  else return;
  event.preventDefault();
});
show(0);
