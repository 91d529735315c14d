import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";

/**
 * Headers that tell browsers what our pages may do. Scripts come from us alone; styles may be inline (Mantine sets them so);
 * pictures, sound and films may come from any https address, because templates and messages show them; the sandbox's too,
 * while it is on.
 */
export async function securityHeaders(scope: FastifyInstance, options: { publicUrl: string; sandboxOrigin: string | undefined }): Promise<void> {
  const secure = options.publicUrl.startsWith("https:");
  const sandbox = options.sandboxOrigin === undefined ? [] : [options.sandboxOrigin];
  const directives = {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", "data:", "blob:", "https:", ...sandbox],
    mediaSrc: ["'self'", "blob:", "https:", ...sandbox],
    fontSrc: ["'self'", "data:"],
    connectSrc: ["'self'"],
    frameSrc: ["'none'"],
    frameAncestors: ["'none'"],
    formAction: ["'self'"],
    baseUri: ["'self'"],
    objectSrc: ["'none'"],
    upgradeInsecureRequests: secure ? [] : null,
  };
  await scope.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives },
    strictTransportSecurity: secure ? { maxAge: 31_536_000 } : false,
    // The Facebook login window talks back to the page that opened it.
    crossOriginOpenerPolicy: { policy: "same-origin-allow-popups" },
    crossOriginResourcePolicy: { policy: "same-origin" },
    referrerPolicy: { policy: "strict-origin-when-cross-origin" },
  });
  scope.addHook("onRequest", async (request, reply) => {
    if (request.routeOptions.config.docs) {
      await reply.helmet({ contentSecurityPolicy: { useDefaults: false, directives: { ...directives, scriptSrc: ["'self'", "'unsafe-inline'", "'unsafe-eval'"], connectSrc: ["'self'"] } } });
    }
  });
}
