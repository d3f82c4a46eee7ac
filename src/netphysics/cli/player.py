"""A page that plays how a knot is untied: grid diagrams, one for each move, stepped through by keys or buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netphysics.knots.arcs import ArcCertificate, ArcPresentation, draw_arcs, replay

if TYPE_CHECKING:
    from netphysics.knots import Untied

# Numbers in all frames of a page, at most: about half a megabyte.
MOST_NUMBERS = 150_000
PAGE = """{% extends "base.html" %}
{% block title %}{{ headline }}{% endblock %}
{% block kicker %}<span class="wing" style="--wing: var(--knots)">knots</span> &ensp; untied{% endblock %}
{% block style %}
.player svg { display: block; width: min(100%, 34rem); height: auto; margin: 0 auto; color: var(--knots); }
.player path { fill: none; stroke: currentColor; stroke-width: 2.4; stroke-linecap: round; }
.player circle { fill: currentColor; }
.player .under { stroke: var(--paper); stroke-width: 7; stroke-linecap: butt; }
.player .moved { stroke: var(--orthogonal); }
.controls { display: flex; gap: .6rem; align-items: center; margin: 1rem 0; }
.controls input { flex: 1; accent-color: var(--knots); }
.controls button { padding: .2rem .7rem; cursor: pointer; }
{% endblock %}
{% block main %}
<h1>{{ headline }}</h1>
<p>{{ answer.reason[:1] | upper }}{{ answer.reason[1:] }}.</p>
{% if frames %}
<figure class="player">
<div id="grid">{{ first }}</div>
<div class="controls">
<button type="button" id="back" aria-label="One move back">◀</button>
<button type="button" id="play" aria-label="Play or pause">▶ ❚❚</button>
<button type="button" id="on" aria-label="One move on">▶</button>
<input type="range" id="at" min="0" max="{{ frames | length - 1 }}" value="0" aria-label="Move">
</div>
<figcaption aria-live="polite" id="said"></figcaption>
<p class="note">Keys: ← and → one move, Home and End, space to play. Vertical lines pass above horizontal ones. The
square closes up like a torus: the last line is a neighbor of the first.</p>
</figure>
{% endif %}
<h2>The knot</h2>
<p class="scroll"><code>{{ text }}</code></p>
{% endblock %}
{% block script %}
{% if frames %}
const frames = {{ frames | tojson }}, names = {{ captions | tojson }};
{{ script }}
{% endif %}
{% endblock %}
"""
SCRIPT = """
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
"""


def page(text: str, answer: Untied) -> str:
    """One self-contained page for the answer about one knot."""
    from markupsafe import Markup

    from netphysics.report.page import templates

    headline = {"unknot": "Untied", "knot": "A knot", "not found": "Not untied"}[answer.verdict]
    shown: list[list] = []
    captions: dict[str, Any] = {}
    first = ""
    if answer.certificate:
        shown, following = frames(answer.certificate)
        captions = {"moves": len(answer.certificate.moves), "next": following}
        first = draw_arcs(ArcPresentation(answer.certificate.start))
    return (
        templates()
        .from_string(PAGE)
        .render(
            headline=headline,
            answer=answer,
            text=text,
            frames=shown,
            captions=captions,
            first=Markup(first),
            script=Markup(SCRIPT),
        )
    )


def frames(certificate: ArcCertificate) -> tuple[list[list], list[str]]:
    """Grid diagrams along a solution, as [moves before, rows of all columns, kind and place of the next move].

    All of them, or where these are too many for a page, those before a line is removed, or as many of those as fit.
    Beside each, what comes next in words.
    """
    moves = certificate.moves
    chosen = list(range(len(moves) + 1))
    if _numbers(certificate, chosen) > MOST_NUMBERS:
        removing = [k for k, move in enumerate(moves) if k and move.name == "destabilize"]
        chosen = [0, *removing, len(moves)]
    while (numbers := _numbers(certificate, chosen)) > MOST_NUMBERS:
        keep = -(-numbers // MOST_NUMBERS)
        chosen = [*chosen[:-1:keep], len(moves)]
    wanted, shown, following = set(chosen), [], []
    for k, columns in enumerate(replay(certificate)):
        if k in wanted:
            move = moves[k] if k < len(moves) else None
            ends = [row for column in columns for row in sorted(column)]
            shown.append([k, ends, *((move.kind, move.place) if move else ("", -1))])
            following.append(f"Next: {move}." if move else "Nothing is left to untie.")
    return shown, following


def _numbers(certificate: ArcCertificate, chosen: list[int]) -> int:
    """Numbers in some frames."""
    sizes, size = [], len(certificate.start)
    for move in certificate.moves:
        sizes.append(size)
        size -= move.name == "destabilize"
    sizes.append(size)
    return sum(2 * sizes[k] + 4 for k in chosen)
