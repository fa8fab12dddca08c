// Small behaviour the pages share; everything works without it.

// Lists to choose from: how many rows are ticked, and what their amounts come to.
for (const form of document.querySelectorAll("form[data-sum]")) {
  const boxes = [...form.querySelectorAll("input[data-missing]")];
  const all = form.querySelector("input[data-all]");
  const out = form.querySelector("[data-sum-out]");
  const tell = () => {
    const chosen = boxes.filter((box) => box.checked);
    const yuan = (name) => {
      const fen = chosen.reduce((sum, box) => sum + Number(box.dataset[name]), 0);
      return (fen / 100).toLocaleString("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    };
    out.textContent = chosen.length ? `已选 ${chosen.length} 件：应补 ${yuan("missing")} 元，应追 ${yuan("excess")} 元` : "";
    if (all) all.checked = chosen.length > 0 && chosen.length === boxes.length;
  };
  if (all) all.addEventListener("change", () => { boxes.forEach((box) => { box.checked = all.checked; }); tell(); });
  boxes.forEach((box) => box.addEventListener("change", tell));
  tell();
}

// A list taken out of a large county takes a minute or two: say so until the answer's cookie tells that it has come.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-file]")) return;
  const button = form.querySelector("button");
  const told = form.querySelector("output") || document.createElement("output");
  const since = Date.now();
  const forget = () => { document.cookie = "file_made=; max-age=0; path=/; samesite=lax"; };
  const tell = () => {
    const done = document.cookie.includes("file_made=");
    const seconds = 5 * Math.floor((Date.now() - since) / 5000);
    told.textContent = done ? "" : ` 正在生成文件，已等 ${seconds} 秒；几十万行的要等一两分钟。`;
    if (!done) return;
    forget();
    button.disabled = false;
    clearInterval(timer);
  };
  button.after(told);
  button.disabled = true;
  forget();
  const timer = setInterval(tell, 500);
});
