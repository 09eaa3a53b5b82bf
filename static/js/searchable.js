// The page works without this. Fields of admin that one searches get the name of their label, which stock admin leaves out.
function named() {
  for (const field of document.querySelectorAll("select.admin-autocomplete[id]")) {
    const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    const box = field.nextElementSibling?.querySelector("[role=combobox]");
    if (!label || !box) continue;
    label.id ||= `${field.id}-label`;
    box.querySelector("[role=textbox]")?.setAttribute("aria-labelledby", label.id);
    box.setAttribute("aria-labelledby", `${label.id} ${box.getAttribute("aria-labelledby") ?? ""}`.trim());
  }
}

// After admin's own, which makes those fields of lists.
globalThis.django?.jQuery?.(named);
