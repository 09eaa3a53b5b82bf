// The page works without this. Escape steps out, and a second click on a choice waits for the first.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) document.getElementById("step-out")?.click();
});

const form = document.getElementById("choices");
form?.addEventListener("submit", (event) => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});

// A page that comes back from the browser's cache may show a scene that is answered: ask the server again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
