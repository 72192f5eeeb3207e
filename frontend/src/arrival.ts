/** Says something once, politely, to who does not see the page change. */
function say(text: string | undefined): void {
  const line = document.getElementById("news");
  if (line && text) line.textContent = text;
}

/**
 * Marks what has just come with new numbers: it settles once and is said once. What came before it has settled; its mark
 * goes, or it would settle again wherever it is moved.
 */
export function arrived(element: Element, text: string | undefined): void {
  for (const settled of document.querySelectorAll(".just-in")) settled.classList.remove("just-in");
  element.classList.add("just-in");
  say(text);
}
