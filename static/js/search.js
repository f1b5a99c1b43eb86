// The key / leads to the search of the header, unless somebody is typing.
const box = document.querySelector("[data-search]");

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  box.focus();
});
