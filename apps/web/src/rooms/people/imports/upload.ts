import { ApiFailure, type Import } from "@tincan/api";

/** Brings a file of people to the server, to be imported later. */
export const uploadCsv = (file: File, onProgress: (fraction: number) => void, signal: AbortSignal): Promise<Import> => sendFile<Import>("/api/v1/imports", file, onProgress, signal);

/** Sends a file and says how much of it is on its way, from 0 to 1; `fetch` cannot tell that. */
export function sendFile<Answer>(address: string, file: File, onProgress: (fraction: number) => void, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      // The server validates its answers with the schema behind this type.
      if (request.status < 300) resolve(request.response as Answer);
      else reject(failureOf(request.status, request.response));
    });
    request.addEventListener("error", () => reject(new ApiFailure(0, { code: "unreachable", message: "The file did not reach the server.", fix: "Check the connection and drop it again." })));
    request.addEventListener("abort", () => reject(new ApiFailure(0, { code: "aborted", message: "The upload was stopped." })));
    signal.addEventListener("abort", () => request.abort());
    const form = new FormData();
    form.append("file", file);
    request.send(form);
  });
}

function failureOf(status: number, answer: unknown): ApiFailure {
  if (typeof answer === "object" && answer !== null && "error" in answer) {
    const { error } = answer as { error: ConstructorParameters<typeof ApiFailure>[1] };
    return new ApiFailure(status, error);
  }
  return new ApiFailure(status, { code: "unexpected_answer", message: `The server answered ${status} without saying why.`, fix: "Try again with a smaller file." });
}
