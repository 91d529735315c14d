import { readFileSync } from "node:fs";

/** A file of the sandbox's own, so that pictures show without a network. */
export interface Sample {
  filename: string;
  mimeType: string;
  bytes: Buffer;
}

function fileSample(filename: string, mimeType: string): Sample {
  return { filename, mimeType, bytes: readFileSync(new URL(filename, import.meta.url)) };
}

/** One page that says what it is. */
function samplePdf(): Sample {
  const text = "BT /F1 22 Tf 60 750 Td (A sample document from the sandbox) Tj ET";
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
    `<</Length ${text.length}>>\nstream\n${text}\nendstream`,
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
  ];
  let body = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const at = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  body += `xref\n0 6\n0000000000 65535 f \n${table}trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n${body.length}\n%%EOF\n`;
  return { filename: "sample.pdf", mimeType: "application/pdf", bytes: Buffer.from(body, "latin1") };
}

const samples: Record<string, Sample> = {
  image: fileSample("order.png", "image/png"),
  sticker: fileSample("sticker.webp", "image/webp"),
  document: samplePdf(),
};

/** The sample of a message type, where there is one. */
export function sampleOf(type: string): Sample | undefined {
  return samples[type];
}

/** The sample under `/sandbox/assets/{filename}`. */
export function sampleByFilename(filename: string): Sample | undefined {
  return Object.values(samples).find((sample) => sample.filename === filename);
}
