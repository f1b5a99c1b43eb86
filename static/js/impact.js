// Proposes the overall level while the indicators are chosen. The server proposes the same on submit.
const RANKS = ["low", "medium", "high", "critical"];
const form = document.querySelector("[data-impact]");
const proposed = document.querySelector("[data-impact-proposed]");

function heading(input) {
  return document.getElementById(input.getAttribute("aria-labelledby").split(" ")[0]).textContent.trim();
}

function propose() {
  const chosen = [...form.querySelectorAll('input[type="radio"][name^="ratings-"]:checked')];
  const highest = Math.max(-1, ...chosen.map((input) => RANKS.indexOf(input.value)));
  if (highest < 0) {
    proposed.textContent = "So far: not known yet.";
    return;
  }
  const level = RANKS[highest];
  const because = chosen.filter((input) => input.value === level).map(heading);
  proposed.textContent = `So far: ${level}, because of ${because.join(", ").toLowerCase()}.`;
}

if (form && proposed) {
  form.addEventListener("change", propose);
  propose();
}
