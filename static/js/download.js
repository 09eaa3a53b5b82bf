// The page works without this. A download says how far it is while it goes on, and can be stopped.
const told = document.getElementById("download");
const language = document.documentElement.lang;

function say(sentence, { lines = 0, size = 0 } = {}) {
  told.querySelector("span").textContent = told.dataset[sentence]
    .replace("{lines}", lines.toLocaleString(language))
    .replace("{megabytes}", (size / 1e6).toLocaleString(language, { maximumFractionDigits: 1 }));
  told.hidden = false;
}

async function read(answer, far) {
  const parts = [];
  far.type = answer.headers.get("Content-Type");
  for (const reader = answer.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts, { type: far.type });
    parts.push(value);
    far.size += value.length;
    for (const byte of value) far.lines += byte === 10;
  }
}

function keep(blob, answer) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "download";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function download(link) {
  const left = new AbortController(), far = { lines: 0, size: 0, type: "" };
  const tell = () => say(!far.size ? "begun" : far.type.startsWith("text/csv") ? "lines" : "size", far);
  const ticks = [setTimeout(tell, 400), setInterval(tell, 2000)];
  told.querySelector("button").onclick = () => left.abort();
  try {
    const answer = await fetch(link.href, { redirect: "manual", signal: left.signal });
    // What is no file is a page that says why: it is asked for as if there were no script.
    if (answer.ok) keep(await read(answer, far), answer);
    else location.assign(link.href);
    told.hidden = true;
  } catch (fault) {
    told.hidden = true;
    if (fault.name !== "AbortError") say("broken");
  } finally {
    ticks.forEach((tick) => clearTimeout(tick));
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-download]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  download(link);
});
