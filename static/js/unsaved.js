// The page works without this. It asks before somebody leaves a form with answers that are not sent yet.
const form = document.querySelector("main form");
let touched = false;
form?.addEventListener("input", () => { touched = true; });
form?.addEventListener("submit", () => { touched = false; });
addEventListener("beforeunload", (event) => { if (touched) event.preventDefault(); });
