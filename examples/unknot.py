"""A hard unknot untied: what docs/knots.md shows about arc presentations."""

from netphysics.knots import read, reidemeister
from netphysics.knots.arcs import arc_presentation, check, draw_arcs, exhaust, simplify

culprit = read(
    "[[3,16,4,17],[7,5,8,4],[15,7,16,6],[5,15,6,14],[2,14,3,13],[1,8,2,9],[9,20,10,1],[17,10,18,11],"
    "[11,18,12,19],[19,12,20,13]]"
)
grid = arc_presentation(culprit)
print(len(culprit), len(grid))  # 10 12

walk = simplify(grid)
check(walk.certificate)
print(walk.smallest.arcs)  # ((0, 1), (0, 1))
print(walk.certificate.moves[-1])  # destabilize row 0

untied = reidemeister.reidemeister_moves(culprit, walk.certificate)
reidemeister.check(untied)
print(len(untied.moves), untied.most_crossings)  # 23 14
print(*[move.name for move in untied.moves[:5]])  # R2+ R3 R2+ R3 R2-

trefoil = simplify(arc_presentation(read("1 1 1")), steps=1000).smallest
print(len(trefoil))  # 5
print(exhaust(trefoil))  # Exhaustion(count=1, complete=True, shrinks=False)
print(draw_arcs(trefoil)[:4])  # <svg
