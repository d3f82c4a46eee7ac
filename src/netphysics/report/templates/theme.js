(() => {
  const root = document.documentElement, key = "netphysics-theme";
  // A page inside a sandboxed frame has no storage; it then keeps to the reader's system.
  const store = (act) => { try { return act(localStorage); } catch { return null; } };
  root.style.colorScheme = store((s) => s.getItem(key)) || "";
  document.querySelector(".theme").addEventListener("click", () => {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const next = (root.style.colorScheme || system) === "dark" ? "light" : "dark";
    root.style.colorScheme = next;
    store((s) => s.setItem(key, next));
  });
})();
