import type { Deployment } from "@tincan/api";
import type { DeploymentActivity } from "./callback-health.ts";
import type { StoredDeployment } from "./store.ts";

/** The addresses a platform is told. */
export function addressesOf(deployment: StoredDeployment, publicUrl: string): { callbackUrl: string; templateImportUrl: string } {
  const base = `${publicUrl}/wire/clevertap/${deployment.urlId}`;
  return { callbackUrl: `${base}/messages`, templateImportUrl: `${base}/templates` };
}

/** A deployment as the API shows it. `secrets` are shown to those who may change it, and masked for others. */
export function presentDeployment(
  deployment: StoredDeployment,
  activity: DeploymentActivity,
  options: { publicUrl: string; showSecrets: boolean; lastRequestAt: Date | null },
): Deployment {
  const { webhooks } = deployment;
  const shown = (url: string | null) => (options.showSecrets ? url : maskUrl(url));
  const last = Math.max(options.lastRequestAt?.getTime() ?? 0, activity.lastMessageAt?.getTime() ?? 0);
  return {
    id: deployment.urlId,
    platform: deployment.platform,
    name: deployment.name,
    provider: deployment.provider,
    webhooks: { status: shown(webhooks.status), inbound: shown(webhooks.inbound) },
    settings: deployment.settings,
    ...addressesOf(deployment, options.publicUrl),
    token: options.showSecrets ? deployment.token : maskToken(deployment.token),
    callbacks: { laneId: deployment.id, ...activity.health },
    lastRequestAt: last === 0 ? null : new Date(last).toISOString(),
    createdAt: deployment.createdAt.toISOString(),
    updatedAt: deployment.updatedAt.toISOString(),
  };
}

export function maskToken(token: string): string {
  return `••••${token.slice(-4)}`;
}

/** The host stays to be recognised; what follows is the platform's secret. */
export function maskUrl(url: string | null): string | null {
  return url === null ? null : `${new URL(url).origin}/••••`;
}
