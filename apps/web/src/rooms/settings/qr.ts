/*
 * A QR code (ISO/IEC 18004) of a short text: byte mode, error correction level L, versions 1 to 13 (up to 425 bytes), enough for the address
 * an authenticator app scans. Made here so that the secret never leaves the page.
 */

/** Level L, by version from 1: error correction codewords in a block, and blocks. */
const blocks: [perBlock: number, count: number][] = [
  [7, 1], [10, 1], [15, 1], [20, 1], [26, 1], [18, 2], [20, 2], [24, 2], [30, 2], [18, 4], [20, 4], [24, 4], [26, 4],
];
/** Format information for level L by mask, error correction and XOR mask included. */
const formats = [0x77c4, 0x72f3, 0x7daa, 0x789d, 0x662f, 0x6318, 0x6c41, 0x6976];

const exponents = new Uint8Array(510);
const logarithms = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power++) {
  exponents[power] = exponents[power + 255] = value;
  logarithms[value] = power;
  value = (value << 1) ^ (value & 0x80 ? 0x11d : 0);
}
const multiply = (a: number, b: number) => (a && b ? exponents[logarithms[a]! + logarithms[b]!]! : 0);

/** Reed-Solomon remainder of `data` over GF(256). */
export function errorCorrection(data: number[], count: number): number[] {
  let generator = [1];
  for (let root = 0; root < count; root++) {
    const next = [...generator, 0];
    generator.forEach((factor, place) => (next[place + 1]! ^= multiply(factor, exponents[root]!)));
    generator = next;
  }
  const rest = [...data, ...Array<number>(count).fill(0)];
  for (let place = 0; place < data.length; place++) {
    const lead = rest[place]!;
    if (lead) generator.forEach((factor, offset) => (rest[place + offset]! ^= multiply(factor, lead)));
  }
  return rest.slice(data.length);
}

/** Modules that carry codewords in a version, in bits. */
function rawBits(version: number): number {
  const align = version < 2 ? 0 : Math.floor(version / 7) + 2;
  return (16 * version + 128) * version + 64 - (align ? (25 * align - 10) * align - 55 : 0) - (version >= 7 ? 36 : 0);
}

function capacity(version: number): number {
  const [perBlock, count] = blocks[version - 1]!;
  return Math.floor(rawBits(version) / 8) - perBlock * count;
}

/** Data codewords: mode, length, bytes, padding. */
function dataCodewords(bytes: Uint8Array, version: number): number[] {
  const bits: number[] = [];
  const push = (value: number, length: number) => {
    for (let bit = length - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
  };
  const room = capacity(version) * 8;
  push(4, 4);
  push(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) push(byte, 8);
  push(0, Math.min(4, room - bits.length));
  push(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) push(pad, 8);
  return Array.from({ length: bits.length / 8 }, (_, place) => bits.slice(place * 8, place * 8 + 8).reduce((sum, bit) => (sum << 1) | bit, 0));
}

/** Blocks with their error correction, interleaved as they are drawn. */
function allCodewords(data: number[], version: number): number[] {
  const [perBlock, count] = blocks[version - 1]!;
  const short = Math.floor(data.length / count);
  const longer = data.length % count;
  const parts: number[][] = [];
  for (let block = 0, from = 0; block < count; block++) {
    const length = short + (block >= count - longer ? 1 : 0);
    parts.push(data.slice(from, from + length));
    from += length;
  }
  const corrections = parts.map((part) => errorCorrection(part, perBlock));
  const column = (lists: number[][], place: number) => lists.flatMap((list) => (place < list.length ? [list[place]!] : []));
  return [
    ...Array.from({ length: short + 1 }, (_, place) => column(parts, place)).flat(),
    ...Array.from({ length: perBlock }, (_, place) => column(corrections, place)).flat(),
  ];
}

const masks: ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
];

/** Patterns every code has, and which modules they take; the rest is free for codewords. */
function frame(version: number): { dark: boolean[][]; taken: boolean[][] } {
  const size = version * 4 + 17;
  const dark = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  const taken = dark.map((row) => [...row]);
  const set = (row: number, column: number, value: boolean) => {
    if (row < 0 || column < 0 || row >= size || column >= size) return;
    dark[row]![column] = value;
    taken[row]![column] = true;
  };
  for (let place = 0; place < size; place++) {
    set(6, place, place % 2 === 0);
    set(place, 6, place % 2 === 0);
  }
  for (const [row, column] of [[3, 3], [3, size - 4], [size - 4, 3]] as const) {
    for (let y = -4; y <= 4; y++) for (let x = -4; x <= 4; x++) set(row + y, column + x, ![2, 4].includes(Math.max(Math.abs(x), Math.abs(y))));
  }
  const places = alignment(version);
  for (const row of places) {
    for (const column of places) {
      const corner = (row === 6 && column === 6) || (row === 6 && column === size - 7) || (row === size - 7 && column === 6);
      if (corner) continue;
      for (let y = -2; y <= 2; y++) for (let x = -2; x <= 2; x++) set(row + y, column + x, Math.max(Math.abs(x), Math.abs(y)) !== 1);
    }
  }
  if (version >= 7) {
    let rest = version;
    for (let bit = 0; bit < 12; bit++) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
    const information = (version << 12) | rest;
    for (let bit = 0; bit < 18; bit++) {
      const value = ((information >> bit) & 1) === 1;
      set(Math.floor(bit / 3), size - 11 + (bit % 3), value);
      set(size - 11 + (bit % 3), Math.floor(bit / 3), value);
    }
  }
  for (let place = 0; place < 9; place++) {
    taken[8]![place] = taken[place]![8] = true;
    if (place < 8) taken[8]![size - 1 - place] = taken[size - 1 - place]![8] = true;
  }
  return { dark, taken };
}

function alignment(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const size = version * 4 + 17;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, place) => size - 7 - (count - 2 - place) * step)];
}

function drawFormat(dark: boolean[][], mask: number): void {
  const size = dark.length;
  const bit = (place: number) => ((formats[mask]! >> place) & 1) === 1;
  for (let place = 0; place <= 5; place++) dark[place]![8] = bit(place);
  dark[7]![8] = bit(6);
  dark[8]![8] = bit(7);
  dark[8]![7] = bit(8);
  for (let place = 9; place < 15; place++) dark[8]![14 - place] = bit(place);
  for (let place = 0; place < 8; place++) dark[8]![size - 1 - place] = bit(place);
  for (let place = 8; place < 15; place++) dark[size - 15 + place]![8] = bit(place);
  dark[size - 8]![8] = true;
}

function drawCodewords(dark: boolean[][], taken: boolean[][], codewords: number[], mask: number): void {
  const size = dark.length;
  let bit = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let vertical = 0; vertical < size; vertical++) {
      for (const column of [right, right - 1]) {
        const row = ((right + 1) & 2) === 0 ? size - 1 - vertical : vertical;
        if (taken[row]![column]) continue;
        const value = bit < codewords.length * 8 && ((codewords[bit >> 3]! >> (7 - (bit & 7))) & 1) === 1;
        dark[row]![column] = value !== masks[mask]!(row, column);
        bit++;
      }
    }
  }
}

/** How hard a code is to read, by the standard's four rules; the mask with the lowest is used. */
function penalty(dark: boolean[][]): number {
  const size = dark.length;
  const lines = [...dark.map((row) => row), ...dark.map((_, column) => dark.map((row) => row[column]!))];
  let sum = 0;
  for (const line of lines) {
    const text = line.map((value) => (value ? "1" : "0")).join("");
    for (const run of text.match(/1{5,}|0{5,}/g) ?? []) sum += run.length - 2;
    for (let place = 0; place + 11 <= size; place++) if (/^(10111010000|00001011101)$/.test(text.slice(place, place + 11))) sum += 40;
  }
  for (let row = 0; row + 1 < size; row++) {
    for (let column = 0; column + 1 < size; column++) {
      const value = dark[row]![column];
      if (dark[row]![column + 1] === value && dark[row + 1]![column] === value && dark[row + 1]![column + 1] === value) sum += 3;
    }
  }
  const share = dark.flat().filter(Boolean).length / (size * size);
  return sum + Math.floor(Math.abs(share * 100 - 50) / 5) * 10;
}

/** Rows of modules, true for dark, without the quiet zone. Throws when the text is too long. */
export function qrCode(text: string): boolean[][] {
  const bytes = new TextEncoder().encode(text);
  const version = blocks.findIndex((_, index) => capacity(index + 1) >= bytes.length + (index + 1 < 10 ? 2 : 3)) + 1;
  if (version === 0) throw new RangeError(`A QR code of this kind holds 425 bytes; the text has ${bytes.length}.`);
  const codewords = allCodewords(dataCodewords(bytes, version), version);
  const { dark: base, taken } = frame(version);
  const drawn = masks.map((_, mask) => {
    const dark = base.map((row) => [...row]);
    drawCodewords(dark, taken, codewords, mask);
    drawFormat(dark, mask);
    return { dark, cost: penalty(dark) };
  });
  return drawn.reduce((best, one) => (one.cost < best.cost ? one : best)).dark;
}
