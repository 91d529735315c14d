import { ApiFailure } from "@tincan/api";

/*
 * Signing in, out and two-factor speak better-auth's own endpoints under /api/auth, whose errors are flat: {code, message}.
 */

async function post<T>(path: string, body: unknown = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/auth${path}`, {
      method: "POST",
      credentials: "same-origin",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new ApiFailure(0, { code: "unreachable", message: "The server did not answer.", fix: "Check that Tincan is running and try again." });
  }
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw failureOf(response.status, answer);
  return answer as T;
}

const sentences: Record<string, { message: string; fix?: string }> = {
  INVALID_EMAIL_OR_PASSWORD: { message: "E-mail and password do not match an account.", fix: "Check both, or ask an admin of the workspace." },
  INVALID_PASSWORD: { message: "That is not your password." },
  INVALID_CODE: { message: "That code is not right.", fix: "Codes change every 30 seconds: enter the newest one." },
  INVALID_TWO_FACTOR_COOKIE: { message: "The sign-in took too long.", fix: "Start again with e-mail and password." },
  INVALID_BACKUP_CODE: { message: "That backup code is not right or was used before." },
};

function failureOf(status: number, answer: unknown): ApiFailure {
  const body = typeof answer === "object" && answer !== null ? answer : {};
  const nested = "error" in body && typeof body.error === "object" && body.error !== null ? body.error : body;
  const code = "code" in nested && typeof nested.code === "string" ? nested.code : `http_${status}`;
  const said = "message" in nested && typeof nested.message === "string" ? nested.message : `The server answered ${status}.`;
  if (status === 429) return new ApiFailure(status, { code, message: "Too many attempts.", fix: "Wait a minute and try again." });
  return new ApiFailure(status, { code, message: said, ...sentences[code] });
}

export interface SignInAnswer {
  twoFactorRedirect?: boolean;
}

export const accounts = {
  /** `twoFactorRedirect` in the answer: the password was right and a code is asked for next. */
  signIn: (email: string, password: string) => post<SignInAnswer>("/sign-in/email", { email, password }),
  signOut: () => post<unknown>("/sign-out"),
  verifyCode: (code: string) => post<unknown>("/two-factor/verify-totp", { code }),
  verifyBackupCode: (code: string) => post<unknown>("/two-factor/verify-backup-code", { code }),
  /** Starts two-factor; it is on once `verifyCode` has taken the first code. */
  enableTwoFactor: (password: string) => post<{ totpURI: string; backupCodes: string[] }>("/two-factor/enable", { password }),
  disableTwoFactor: (password: string) => post<unknown>("/two-factor/disable", { password }),
  changePassword: (currentPassword: string, newPassword: string) =>
    post<unknown>("/change-password", { currentPassword, newPassword, revokeOtherSessions: true }),
};
