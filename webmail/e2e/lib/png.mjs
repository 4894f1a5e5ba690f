// Makes a screenshot small: at most 256 colours, the most frequent ones exactly as they are, the rest the nearest of
// them. What a browser draws has few colours but for the edges of its letters.
import zlib from "node:zlib";

const chunk = (name, data) => {
  const body = Buffer.concat([Buffer.from(name), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(zlib.crc32 ? zlib.crc32(body) : crc(body), body.length + 4);
  return whole;
};
/** For a Node without zlib.crc32 (before 20.15). */
function crc(octets) {
  let sum = ~0;
  for (const octet of octets) {
    sum ^= octet;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

/** The pixels of a PNG of 8 bits a channel without interlace, as Chromium writes them. */
function pixels(png) {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const depth = { 2: 3, 6: 4 }[png[25]];
  if (png[24] !== 8 || !depth || png[28] !== 0) throw new Error("not a PNG of a browser");
  const parts = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    if (png.toString("latin1", at + 4, at + 8) === "IDAT")
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const raw = zlib.inflateSync(Buffer.concat(parts));
  const line = width * depth;
  const out = Buffer.alloc(line * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (line + 1)];
    for (let x = 0; x < line; x++) {
      const at = y * line + x;
      const left = x >= depth ? out[at - depth] : 0;
      const up = y > 0 ? out[at - line] : 0;
      const corner = x >= depth && y > 0 ? out[at - line - depth] : 0;
      let guess = [0, left, up, (left + up) >> 1][filter];
      if (filter === 4) {
        const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
        guess = a <= b && a <= c ? left : b <= c ? up : corner;
      }
      out[at] = raw[y * (line + 1) + 1 + x] + guess;
    }
  }
  return { width, height, depth, out };
}

export function smaller(png) {
  const { width, height, depth, out } = pixels(png);
  const counts = new Map();
  for (let i = 0; i < out.length; i += depth) {
    const colour = (out[i] << 16) | (out[i + 1] << 8) | out[i + 2];
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 256)
    .map(([colour]) => colour);
  const index = new Map(palette.map((colour, i) => [colour, i]));
  const nearest = (colour) => {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < palette.length; i++) {
      const [r, g, b] = [16, 8, 0].map((shift) => ((palette[i] >> shift) & 255) - ((colour >> shift) & 255));
      const far = 2 * r * r + 4 * g * g + b * b;
      if (far < least) [least, best] = [far, i];
    }
    index.set(colour, best);
    return best;
  };
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0; x < width; x++, from += depth) {
      const colour = (out[from] << 16) | (out[from + 1] << 8) | out[from + 2];
      lines[y * (width + 1) + 1 + x] = index.get(colour) ?? nearest(colour);
    }
  }
  const head = Buffer.from(png.subarray(16, 29));
  head[9] = 3;
  return Buffer.concat([
    png.subarray(0, 8),
    chunk("IHDR", head),
    chunk("PLTE", Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))),
    chunk("IDAT", zlib.deflateSync(lines, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
