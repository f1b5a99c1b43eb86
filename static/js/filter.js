// On a phone the list comes first: an unused filter starts folded up.
const filter = document.querySelector("[data-filter]");
if (filter && !filter.dataset.filter && window.matchMedia("(max-width: 640px)").matches) {
  filter.open = false;
}
