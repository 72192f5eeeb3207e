// Draws cards by satori and resvg: a line of JSON in, a PNG out, with its length in four bytes before it.
// The first line is {width, height, ground, shadows, fonts}; the others are {name, by, site, date, when, notes, balls}.

import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"

import { Resvg } from "@resvg/resvg-js"
import satori from "satori"

const box = (style, ...children) => ({ type: "div", props: { style: { display: "flex", ...style }, children } })

const SHADOW = "0 24px 32px -17px rgba(20,0,0,.6)"

const ball = ({ text, title, shape }, size, shadow) => {
  const kinds = {
    main: { background: "#fdfcfb", color: "#2a0b0b", borderRadius: size, ...shadow },
    bonus: { background: "#ffd43b", color: "#2a0b0b", borderRadius: size * 0.3, ...shadow },
    times: { color: "#ffd43b", border: "7px solid #ffd43b", borderRadius: size },
  }
  const disc = box({ width: size, height: size, alignItems: "center", justifyContent: "center", fontSize: size / 2, fontWeight: 800, ...kinds[shape] }, text)
  return box({ flexDirection: "column", alignItems: "center", gap: 12 }, disc, box({ fontSize: 25 }, title))
}

const card = ({ width, height, ground, shadows }, { name, by, site, date, when, notes, balls }) =>
  box(
    { width, height, color: "#fff", fontFamily: "Figtree", fontWeight: 600, backgroundImage: `url(${ground})`, backgroundSize: `${width}px ${height}px` },
    box(
      { flexDirection: "column", justifyContent: "space-between", width, height, padding: "48px 64px 44px" },
      box({ justifyContent: "space-between", fontSize: 26 }, box({}, by), box({ fontSize: 32, fontWeight: 800 }, site)),
      box({ fontSize: 104, fontWeight: 800, letterSpacing: "-.035em" }, name),
      box({ height: height - 420, alignItems: "center", alignContent: "center", flexWrap: "wrap", gap: 16 }, ...balls.map((one) => ball(one, 132, shadows ? { boxShadow: SHADOW } : {}))),
      box({ fontSize: 44, fontWeight: 800 }, date),
      box({ justifyContent: "space-between" }, box({ fontSize: 28 }, when), box({ flexDirection: "column", fontSize: 18, alignItems: "flex-end" }, ...notes.map((note) => box({}, note)))),
    ),
  )

let format
for await (const line of createInterface({ input: process.stdin })) {
  const told = JSON.parse(line)
  if (!format) {
    format = { ...told, fonts: told.fonts.map((font) => ({ ...font, data: readFileSync(font.file) })) }
    continue
  }
  const svg = await satori(card(format, told), { width: format.width, height: format.height, fonts: format.fonts })
  // Text is paths by now: no font of the machine is looked for.
  const png = new Resvg(svg, { font: { loadSystemFonts: false } }).render().asPng()
  const length = Buffer.alloc(4)
  length.writeUInt32BE(png.length)
  process.stdout.write(Buffer.concat([length, png]))
}
