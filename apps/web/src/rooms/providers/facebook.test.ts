import { describe, expect, it } from "vitest";
import { readDialogMessage, readReturn } from "./facebook.ts";

describe("the way back from the Facebook dialog", () => {
  it("carries the code, the state and the ids", () => {
    expect(readReturn("?code=AQ1&state=s1&waba_id=900100200300400&phone_number_id=700800900100200")).toEqual({
      code: "AQ1", state: "s1", wabaId: "900100200300400", phoneNumberId: "700800900100200",
    });
  });
  it("works without ids, which the server then asks Meta for", () => expect(readReturn("?code=AQ1")).toEqual({ code: "AQ1" }));
  it("drops an id that is none", () => expect(readReturn("?code=AQ1&waba_id=../x")).toEqual({ code: "AQ1" }));
  it("says why there is no code", () => expect(readReturn("?error=access_denied&error_description=Cancelled")).toEqual({ error: "Cancelled" }));
});

describe("messages of the Facebook dialog", () => {
  it("give the ids, as text or as an object", () => {
    const ids = { wabaId: "9", phoneNumberId: "7" };
    const message = { type: "WA_EMBEDDED_SIGNUP", event: "FINISH", data: { waba_id: "9", phone_number_id: "7" } };
    expect([readDialogMessage(message), readDialogMessage(JSON.stringify(message))]).toEqual([ids, ids]);
  });
  it("are told from everything else that is posted", () => {
    expect([readDialogMessage("hello"), readDialogMessage({ type: "other" }), readDialogMessage(null)]).toEqual([undefined, undefined, undefined]);
  });
});
