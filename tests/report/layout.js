// What is wrong with the layout of the page at hand, as sentences. Words must not lie on words or on marks, nothing may
// be cut, and no type is smaller than ten pixels.
() => {
  const faults = [];
  const place = (element) => element.closest("figure")?.id || element.closest("section")?.querySelector("h2")?.textContent || "page";
  const visible = (element) => element.checkVisibility();

  // Corners of a text of a drawing on the screen, without the air above and below its letters.
  const corners = (group) => {
    const inner = [...group.children].find((child) => child.tagName !== "defs") || group;
    const box = inner.getBBox(), matrix = inner.getScreenCTM();
    const air = 0.16 * box.height;
    const [x0, x1, y0, y1] = [box.x + 0.3, box.x + box.width - 0.3, box.y + air, box.y + box.height - air];
    return [[x0, y0], [x1, y0], [x1, y1], [x0, y1]].map(([x, y]) => new DOMPoint(x, y).matrixTransform(matrix));
  };
  const inside = (point, polygon) => {
    let sign = 0;
    for (let i = 0; i < 4; i++) {
      const a = polygon[i], b = polygon[(i + 1) % 4];
      const cross = (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x);
      if (cross === 0) continue;
      if (sign && Math.sign(cross) !== sign) return false;
      sign = Math.sign(cross);
    }
    return true;
  };
  // Two convex polygons are apart when an edge of one of them separates them.
  const separated = (one, other) => one.some((a, i) => {
    const b = one[(i + 1) % 4], nx = b.y - a.y, ny = a.x - b.x;
    const span = (polygon) => polygon.map((p) => nx * p.x + ny * p.y);
    const s = span(one), t = span(other);
    return Math.max(...s) <= Math.min(...t) || Math.max(...t) <= Math.min(...s);
  });
  const touch = (one, other) => !separated(one, other) && !separated(other, one);
  const name = (group) => group.querySelector("text")?.textContent || "a formula";

  for (const drawing of document.querySelectorAll(".canvas svg.plot")) {
    if (!visible(drawing)) continue;
    const frame = drawing.getBoundingClientRect();
    const scale = drawing.getScreenCTM().a;
    const words = [...drawing.querySelectorAll(".words")].filter((g) => g.getBoundingClientRect().width > 0);
    const polygons = words.map(corners);
    words.forEach((group, i) => {
      const text = group.querySelector("text");
      if (text) {
        const size = parseFloat(getComputedStyle(text).fontSize) * scale;
        if (size < 9.99) faults.push(`${place(drawing)}: “${name(group)}” is ${size.toFixed(1)} pixels high`);
      }
      const rect = group.getBoundingClientRect();
      if (rect.left < frame.left - 1.5 || rect.right > frame.right + 1.5 || rect.top < frame.top - 1.5 || rect.bottom > frame.bottom + 1.5)
        faults.push(`${place(drawing)}: “${name(group)}” is cut`);
      for (let j = 0; j < i; j++)
        if (touch(polygons[i], polygons[j])) faults.push(`${place(drawing)}: “${name(group)}” lies on “${name(words[j])}”`);
    });
    const free = words.map((group, i) => [group, polygons[i]]).filter(([group]) => !group.closest(".axis"));
    for (const mark of drawing.querySelectorAll("path, use")) {
      if (mark.closest(".words, .axis, .legend, defs, clipPath")) continue;
      const style = getComputedStyle(mark), points = [];
      if (mark.tagName === "use") {
        const r = mark.getBoundingClientRect();
        points.push({ x: (r.left + r.right) / 2, y: (r.top + r.bottom) / 2 });
      } else if (style.stroke !== "none" && style.fill === "none" && mark.getAttribute("d")) {
        const matrix = mark.getScreenCTM(), length = mark.getTotalLength();
        for (let at = 0; at <= length; at += 2 / scale) points.push(mark.getPointAtLength(at).matrixTransform(matrix));
      }
      for (const [group, polygon] of free)
        if (points.some((point) => inside(point, polygon))) faults.push(`${place(drawing)}: “${name(group)}” lies on a mark`);
    }
  }

  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) faults.push(`the page is ${document.documentElement.scrollWidth} pixels wide`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), boxes = [];
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.textContent.trim() || !visible(parent) || parent.closest("svg, math, script, style")) continue;
    const size = parseFloat(getComputedStyle(parent).fontSize);
    if (size < 9.99) faults.push(`${place(parent)}: “${node.textContent.trim()}” is ${size} pixels high`);
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const r of range.getClientRects()) {
      if (r.left < -1 || (r.right > width + 1 && !parent.closest(".scroll"))) faults.push(`${place(parent)}: “${node.textContent.trim()}” is cut`);
      if (!parent.closest(".scroll, sup, .unseen")) boxes.push([r, node]);
    }
  }
  boxes.sort((a, b) => a[0].top - b[0].top);
  boxes.forEach(([a, one], i) => {
    for (let j = i + 1; j < boxes.length && boxes[j][0].top < a.bottom - 0.45 * a.height; j++) {
      const b = boxes[j][0];
      if (a.left < b.right - 1 && b.left < a.right - 1 && b.bottom - 0.45 * b.height > a.top)
        faults.push(`“${one.textContent.trim().slice(0, 40)}” lies on “${boxes[j][1].textContent.trim().slice(0, 40)}”`);
    }
  });
  for (const formula of document.querySelectorAll("math")) {
    const r = formula.getBoundingClientRect();
    if (visible(formula) && !formula.closest(".scroll, .display, .drawing") && (r.right > width + 1 || r.left < -1)) faults.push(`${place(formula)}: a formula is cut`);
  }
  return [...new Set(faults)];
}
