/** The look of an embed: that of our cards, in a few lines. Colours are derived from the lottery's two figures. */
export const STYLE = `
:host { display: block; container-type: inline-size; color-scheme: light dark; }
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([hidden]) { display: none; }
article {
  --ink: light-dark(oklch(21% .012 260), oklch(95.5% .004 95));
  --ink-2: light-dark(oklch(45% .014 260), oklch(76% .01 250));
  --solid: light-dark(oklch(49% var(--chroma, .02) var(--hue, 250)), oklch(54% var(--chroma, .02) var(--hue, 250)));
  --accent: light-dark(oklch(49% var(--chroma, .02) var(--hue, 250)), oklch(80% calc(var(--chroma, .02) * .72) var(--hue, 250)));
  display: grid; gap: .75rem; padding: 1.25rem; text-align: start;
  font: 400 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; font-variant-numeric: tabular-nums;
  color: var(--ink); background: light-dark(#fff, oklch(21.8% .01 250));
  border: 1px solid light-dark(oklch(90% .006 95), oklch(32% .012 250)); border-radius: 1.25rem;
}
h3, p, ol { margin: 0; padding: 0; list-style: none; }
h3 { font-size: 1.1875rem; line-height: 1.2; }
.when, .status, a { font-size: .875rem; color: var(--ink-2); }
.when { margin-block-start: -.6rem; }
a:focus-visible { outline: 3px solid; outline-offset: 2px; }
.balls { display: flex; flex-wrap: wrap; gap: .4rem; }
li { display: grid; justify-items: center; gap: .2rem; }
b {
  display: grid; place-items: center; min-inline-size: 2.5rem; block-size: 2.5rem; box-sizing: border-box; padding-inline: .2rem;
  border-radius: 50%; font-weight: 750; direction: ltr; color: oklch(21% .02 260);
  background: oklch(97% .006 var(--hue, 250)); box-shadow: inset 0 0 0 1.5px oklch(74% calc(var(--chroma, .02) * .6) var(--hue, 250));
}
.bonus b, .star b { border-radius: 30%; color: #fff; background: var(--solid); box-shadow: none; }
.times b { border-radius: 2rem; color: var(--accent); background: none; box-shadow: inset 0 0 0 2px var(--accent); padding-inline: .6rem; }
.digit b { border-radius: .5rem; min-inline-size: 2rem; }
.ticket b, .animal b { border-radius: .5rem; padding-inline: .7rem; }
small { inline-size: min-content; margin-inline: -1rem; font-size: .75rem; line-height: 1.15; text-align: center; color: var(--ink-2); }
@container (max-width: 24rem) { .balls { gap: .3rem; } b { min-inline-size: 2.15rem; block-size: 2.15rem; } }
.status::before { content: "✓"; margin-inline-end: .4em; font-weight: 800; color: light-dark(oklch(45% .11 155), oklch(80% .14 155)); }
.status:not(.confirmed)::before { content: "•"; color: inherit; }
`;
