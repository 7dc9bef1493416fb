/** Draws the goods: small SVG pictures, always the same for the same product, no two products alike. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { DemoProduct, Motif } from './data/product.js'

/** Writes a picture for each product. @returns file URLs by product code */
export async function drawPictures(products: readonly DemoProduct[], folder: string): Promise<ReadonlyMap<string, string>> {
  await mkdir(folder, { recursive: true })
  const drawn = products.map(async (product) => {
    const path = join(folder, `${product.code.toLowerCase()}.svg`)
    await writeFile(path, draw(product))
    return [product.code, pathToFileURL(path).href] as const
  })
  return new Map(await Promise.all(drawn))
}

/** The picture of one product, 320 × 320. */
export function draw({ code, name, drawing: { motif, hue } }: DemoProduct): string {
  const chance = chanceFrom(code)
  const tone = (lightness: number, saturation = 46): string => `hsl(${hue} ${saturation}% ${lightness}%)`
  const second = `hsl(${(hue + 150 + Math.floor(chance() * 60)) % 360} 40% 62%)`
  const [x, y, radius] = [60 + Math.floor(chance() * 200), 50 + Math.floor(chance() * 90), 70 + Math.floor(chance() * 60)]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 320" role="img" aria-label="${escapeXml(`${name.zh} · ${name.en}`)}">
  <defs><linearGradient id="ground" x2="0" y2="1"><stop stop-color="${tone(95, 40)}"/><stop offset="1" stop-color="${tone(86, 38)}"/></linearGradient></defs>
  <rect width="320" height="320" rx="24" fill="url(#ground)"/>
  <circle cx="${x}" cy="${y}" r="${radius}" fill="${second}" opacity=".22"/>
  <ellipse cx="160" cy="262" rx="96" ry="12" fill="${tone(30, 30)}" opacity=".16"/>
  <g fill="${tone(52)}" stroke="${tone(30)}" stroke-width="3" stroke-linecap="round" stroke-linejoin="round">${shapes[motif]({ dark: tone(36), light: tone(74), second, chance })}</g>
  ${speckles(chance, tone(30))}
  <text x="160" y="300" text-anchor="middle" font-family="'Noto Serif SC', 'Songti SC', serif" font-size="17" fill="${tone(26, 30)}">${escapeXml(name.zh)}</text>
</svg>
`
}

interface Paint {
  readonly dark: string
  readonly light: string
  readonly second: string
  readonly chance: () => number
}

const line = (d: string, colour: string): string => `<path d="${d}" fill="none" stroke="${colour}"/>`

const shapes: Readonly<Record<Motif, (paint: Paint) => string>> = {
  cake: ({ light, dark }) =>
    `<circle cx="160" cy="165" r="86"/><circle cx="160" cy="165" r="60" fill="${light}"/><circle cx="160" cy="165" r="14" fill="${dark}"/>`,
  tin: ({ light, second }) =>
    `<rect x="104" y="112" width="112" height="148" rx="10"/><rect x="98" y="88" width="124" height="32" rx="8" fill="${second}"/><rect x="122" y="148" width="76" height="70" rx="6" fill="${light}"/>`,
  leaf: ({ light, dark }) =>
    `<path d="M160 258C70 210 84 110 160 66c76 44 90 144 0 192Z"/>${line('M160 256V92M160 150l-34-28M160 150l34-28M160 200l-40-34M160 200l40-34', light)}<circle cx="160" cy="66" r="5" fill="${dark}"/>`,
  box: ({ light, second }) =>
    `<rect x="78" y="124" width="164" height="132" rx="8"/><rect x="70" y="98" width="180" height="36" rx="8" fill="${light}"/><path d="M150 98h20v158h-20z" fill="${second}"/>`,
  cup: ({ light, dark }) =>
    `<path d="M92 130h136c0 70-22 108-68 108s-68-38-68-108Z"/><path d="M84 122c20-44 132-44 152 0Z" fill="${light}"/><circle cx="160" cy="84" r="9" fill="${dark}"/><path d="M116 248h88l-10 12h-68Z" fill="${light}"/>`,
  teapot: ({ light, second }) =>
    `<path d="M98 188c0-44 28-68 66-68s66 24 66 68-28 70-66 70-66-26-66-70Z"/><path d="M226 176c26 0 34-30 42-44l14 6c-6 34-22 66-54 68Z"/><path d="M100 150c-44-8-54 70 4 78" fill="none" stroke-width="12"/><path d="M130 122c8-20 60-20 68 0Z" fill="${light}"/><circle cx="164" cy="100" r="8" fill="${second}"/>`,
  bowl: ({ light, dark }) =>
    `<path d="M64 148h192c-4 66-44 100-96 100s-92-34-96-100Z"/><ellipse cx="160" cy="148" rx="96" ry="20" fill="${light}"/>${line('M92 190c30 26 106 26 136 0', dark)}<path d="M130 248h60l-6 12h-48Z"/>`,
  plate: ({ light, second, dark }) =>
    `<circle cx="160" cy="164" r="94"/><circle cx="160" cy="164" r="66" fill="${light}"/><path d="M160 128c20 12 20 60 0 74-20-14-20-62 0-74Z" fill="${second}"/>${line('M124 164h72', dark)}`,
  vase: ({ light, second }) =>
    `<path d="M140 66h40l-6 34c40 18 54 56 44 96-8 32-22 48-28 64h-60c-6-16-20-32-28-64-10-40 4-78 44-96Z"/><path d="M112 150c30 16 66 16 96 0" fill="none" stroke="${light}" stroke-width="7"/><circle cx="160" cy="194" r="16" fill="${second}"/>`,
  burner: ({ light, dark }) =>
    `<path d="M92 142h136c2 48-16 90-68 90s-70-42-68-90Z"/><path d="M82 126h156v20H82Z" fill="${light}"/><path d="M104 226l-12 34M216 226l12 34M160 232v28" stroke-width="9"/>${line('M160 118c-20-24 20-34 0-62', dark)}`,
  scarf: ({ light, second }) =>
    `<path d="M72 84c60-22 116-22 176 0-10 50-10 110 4 168-62-20-124-20-184 0 14-58 14-118 4-168Z"/><path d="M100 112c40-12 80-12 120 0-6 36-6 78 2 112-42-12-84-12-124 0 8-34 8-76 2-112Z" fill="${light}"/><path d="M118 190c22-44 62-44 84 0" fill="none" stroke="${second}" stroke-width="9"/>`,
  garment: ({ light, dark }) =>
    `<path d="M120 76l40 22 40-22 58 38-24 46-24-12v108H110V148l-24 12-24-46Z"/><path d="M134 82l26 34 26-34" fill="${light}"/>${line('M160 116v138', dark)}`,
  bedding: ({ light, second }) =>
    `<path d="M66 118c60 14 128 14 188 0 12 40 12 88 0 130-60-14-128-14-188 0-12-42-12-90 0-130Z"/><path d="M96 150c42 10 86 10 128 0v62c-42-10-86-10-128 0Z" fill="${light}"/><circle cx="160" cy="182" r="14" fill="${second}"/>`,
  mask: ({ light, second }) =>
    `<path d="M62 150c0-36 52-44 98-24 46-20 98-12 98 24 0 46-36 66-64 58-16-6-20-24-34-24s-18 18-34 24c-28 8-64-12-64-58Z"/><path d="M62 150c-20-26-24-40-20-62M258 150c20-26 24-40 20-62" fill="none" stroke="${second}" stroke-width="7"/><path d="M90 160c20-14 36-14 50 0M180 160c14-14 30-14 50 0" fill="none" stroke="${light}" stroke-width="5"/>`,
  fan: ({ light, dark }) =>
    `<path d="M160 248L56 130c60-70 148-70 208 0Z"/><path d="M160 248L96 176c38-40 90-40 128 0Z" fill="${light}"/>${line('M160 248L82 112M160 248L118 92M160 248V86M160 248L202 92M160 248L238 112', dark)}`,
  earphones: ({ light, second }) =>
    `<rect x="84" y="150" width="152" height="104" rx="42" fill="${light}"/><path d="M108 74c34 0 40 38 22 54v50h-26v-50c-18-16-14-54 4-54Z"/><path d="M212 74c-34 0-40 38-22 54v50h26v-50c18-16 14-54-4-54Z"/><circle cx="160" cy="222" r="6" fill="${second}"/>`,
  headphones: ({ light, second }) =>
    `<path d="M78 190c-6-148 170-148 164 0" fill="none" stroke-width="15"/><rect x="62" y="170" width="46" height="84" rx="20" fill="${light}"/><rect x="212" y="170" width="46" height="84" rx="20" fill="${light}"/><path d="M85 192v42M235 192v42" stroke="${second}" stroke-width="7"/>`,
  brick: ({ light, dark }) =>
    `<rect x="102" y="80" width="116" height="178" rx="20"/><rect x="120" y="104" width="80" height="92" rx="10" fill="${light}"/><path d="M132 222h56M144 240h32" stroke="${dark}" stroke-width="6"/>`,
  cable: ({ light }) =>
    `<path d="M92 238c0-90 136 0 136-84s-104-40-104-92" fill="none" stroke-width="13"/><rect x="108" y="46" width="32" height="44" rx="6" fill="${light}"/><rect x="76" y="226" width="32" height="36" rx="6" fill="${light}"/>`,
  lamp: ({ light, second }) =>
    `<path d="M104 258h112" stroke-width="13"/><path d="M160 256l-34-88 54-72" fill="none" stroke-width="9"/><path d="M150 96c18-38 74-38 84 6l-62 34Z"/><path d="M178 138l62-34 24 108h-54Z" fill="${light}" stroke="none" opacity=".65"/><circle cx="126" cy="168" r="8" fill="${second}"/>`,
  speaker: ({ light, dark, second }) =>
    `<rect x="88" y="76" width="144" height="182" rx="32"/><circle cx="160" cy="198" r="42" fill="${light}"/><circle cx="160" cy="198" r="17" fill="${dark}"/><circle cx="160" cy="118" r="20" fill="${second}"/>`,
  keyboard: ({ light, second }) =>
    `<rect x="52" y="120" width="216" height="118" rx="14"/>${[0, 1, 2, 3].map((row) => [0, 1, 2, 3, 4, 5, 6].map((key) => `<rect x="${66 + key * 27}" y="${134 + row * 25}" width="22" height="19" rx="4" fill="${row === 1 && key === 5 ? second : light}" stroke-width="1.5"/>`).join('')).join('')}`,
  mouse: ({ light, second }) =>
    `<path d="M160 72c52 0 68 44 68 102s-20 84-68 84-68-26-68-84 16-102 68-102Z"/>${line('M160 74v64M94 152c40-18 92-18 132 0', light)}<rect x="153" y="100" width="14" height="30" rx="7" fill="${second}"/>`,
  kettle: ({ light, second }) =>
    `<path d="M112 132h88l18 122H94Z"/><path d="M100 218c-54 4-34-86-64-100l12-10c38 14 26 74 58 74Z"/><path d="M204 140c62-14 66 82 12 88" fill="none" stroke-width="11"/><path d="M118 132c6-20 70-20 76 0Z" fill="${light}"/><circle cx="156" cy="108" r="8" fill="${second}"/>`,
  drop: ({ light, second }) =>
    `<path d="M160 62c44 60 74 92 74 130 0 44-34 68-74 68s-74-24-74-68c0-38 30-70 74-130Z"/><path d="M122 196c0 26 16 40 34 42" fill="none" stroke="${light}" stroke-width="8"/><circle cx="180" cy="160" r="11" fill="${second}"/>`,
  stand: ({ light, dark, second }) =>
    `<rect x="84" y="236" width="152" height="22" rx="10"/><path d="M160 240l-18-92" stroke-width="13"/><rect x="94" y="70" width="112" height="112" rx="14" fill="${light}" transform="rotate(-8 150 126)"/><path d="M122 128h52" stroke="${second}" stroke-width="8"/><circle cx="142" cy="150" r="6" fill="${dark}"/>`,
}

function speckles(chance: () => number, colour: string): string {
  const dots = Array.from(
    { length: 7 },
    () => `<circle cx="${20 + Math.floor(chance() * 280)}" cy="${18 + Math.floor(chance() * 230)}" r="${(1 + chance() * 2).toFixed(1)}"/>`,
  )
  return `<g fill="${colour}" opacity=".18">${dots.join('')}</g>`
}

/** Numbers from 0 to 1 that follow from a text: the same every time, others for another text. */
function chanceFrom(text: string): () => number {
  let state = [...text].reduce((hash, character) => Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619), 2166136261)
  return () => {
    state = Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9
    return (state >>> 0) / 2 ** 32
  }
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
