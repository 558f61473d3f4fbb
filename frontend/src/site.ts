import { guardForms } from "./forms/guard";
import { followMaking } from "./forms/making";
import { watchPreview } from "./knowledge/preview";

watchPreview();
guardForms();
followMaking();

// Every page: the user's menu closes on Escape and on a click elsewhere.
const menus = (): NodeListOf<HTMLDetailsElement> =>
  document.querySelectorAll<HTMLDetailsElement>("details.hd-menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target as Node)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});
