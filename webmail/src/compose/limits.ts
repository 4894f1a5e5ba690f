// How much can be attached, from what the server says about itself; known before anything is uploaded.
import type { JmapClient } from "../jmap/client";

/** Base64 makes four octets of three, and a line end for each 76 (RFC 2045 §6.8). */
const GROWTH = (4 / 3) * (78 / 76);
/** What a long text with its HTML and the header may take beside the files. */
const BESIDE = 200_000;

/** Octets of all files of one mail together; infinite when the server names no limit. */
export function roomForFiles(client: Pick<JmapClient, "session" | "ofAccount">): number {
  const upload = client.session.capabilities["urn:ietf:params:jmap:core"]?.maxSizeUpload;
  const extensions = client.ofAccount("urn:ietf:params:jmap:submission")?.submissionExtensions as
    | { SIZE?: string[] }
    | undefined;
  // RFC 8621 §1.3.2: the keyword of EHLO with its arguments (RFC 1870).
  const message = Number(extensions?.SIZE?.[0] ?? 0);
  return Math.min(
    typeof upload === "number" ? upload : Number.POSITIVE_INFINITY,
    message > 0 ? Math.max(0, Math.floor((message - BESIDE) / GROWTH)) : Number.POSITIVE_INFINITY,
  );
}
