import type { TemplateComponent } from "@tincan/api";
import type { LibraryFilter, LibraryPage, LibraryTemplateDefinition, WrittenTemplate } from "@tincan/whatsapp";
import type { RemoteTemplate } from "./sync.ts";

/** A file that shows a reviewer what a media header will look like. */
export interface SampleFile {
  bytes: Uint8Array;
  mimeType: string;
  filename: string;
}

/**
 * Where a provider's templates are reviewed and kept: Meta. Handed in from the floor that knows how to call it. Every method throws
 * ApiError: `template_refused` and its neighbours when the host says no, `provider_unreachable` when nobody knows whether it did it.
 */
export interface TemplateHost {
  create(template: WrittenTemplate): Promise<CreatedAtHost>;
  /** A page of the ready-made templates. Throws ApiError `template_library_unavailable` when the host does not give it. */
  library(filter: LibraryFilter & { limit?: number; after?: string | undefined }): Promise<LibraryPage>;
  createFromLibrary(template: LibraryTemplateDefinition): Promise<CreatedAtHost>;
  edit(remoteId: string, edit: TemplateEdit): Promise<void>;
  read(remoteId: string): Promise<RemoteTemplate>;
  /** The template of exactly this name and language; null when there is none. */
  find(name: string, language: string): Promise<RemoteTemplate | null>;
  /** Lets a paused template be sent again before its pause is over. */
  unpause(remoteId: string): Promise<void>;
  remove(name: string, remoteId: string): Promise<void>;
  /** Uploads a sample; answers the handle for `example.header_handle`. */
  uploadSample(file: SampleFile): Promise<string>;
}

export interface CreatedAtHost {
  remoteId: string;
  status: string;
  category: string;
}

/** What an edit may change at the host. */
export interface TemplateEdit {
  components?: TemplateComponent[] | undefined;
  category?: string | undefined;
  parameterFormat?: "POSITIONAL" | "NAMED" | undefined;
  timeToLiveSeconds?: number | undefined;
}

/** The host of a provider's templates; null for a provider whose templates are approved elsewhere. */
export type OpenTemplateHost = (workspaceId: string, providerId: string) => Promise<TemplateHost | null>;
