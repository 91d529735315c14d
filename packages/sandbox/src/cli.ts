/** `npm run sandbox`: the sandbox alone. */
import { sandboxAccount, startSandbox } from "./index.ts";

const port = Number(process.env["SANDBOX_PORT"] ?? 3001);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`SANDBOX_PORT must be a port number from 0 to 65535, not "${process.env["SANDBOX_PORT"]}".`);
  process.exit(1);
}

try {
  const sandbox = await startSandbox({ port, log: (message) => console.error(message) });
  const { wabaId, phoneNumberId, number, appId, accessToken, appSecret, verifyToken } = sandboxAccount;
  console.log(`Phones      ${sandbox.url}/`);
  console.log(`Cloud API   ${sandbox.url}/v26.0/${phoneNumberId}/messages`);
  console.log(`Control     ${sandbox.url}/sandbox/state`);
  console.log(`Number ${number}, account ${wabaId}, app ${appId}`);
  console.log(`Access token ${accessToken}, app secret ${appSecret}, verify token ${verifyToken}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void sandbox.close().then(() => process.exit(0));
    });
  }
} catch (error) {
  const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  console.error(taken ? `Port ${port} is taken. Set SANDBOX_PORT to a free one.` : `The sandbox could not start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
