/** Lets what stands in a field be copied by a button beside it. */
export function copy(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
    const field = button && document.querySelector<HTMLTextAreaElement>(`#${button.dataset.copy}`);
    if (!field) return;
    field.select();
    navigator.clipboard?.writeText(field.value).then(
      () => {
        const label = button.textContent;
        button.textContent = button.dataset.done ?? label;
        setTimeout(() => (button.textContent = label), 2000);
      },
      () => undefined,
    );
  });
}
