import { describe, expect, it } from "vitest";
import type { JmapClient } from "../jmap/client";
import { roomForFiles } from "./limits";

const client = (upload?: number, size?: string) =>
  ({
    session: { capabilities: { "urn:ietf:params:jmap:core": { maxSizeUpload: upload } } },
    ofAccount: () => ({ submissionExtensions: size === undefined ? {} : { SIZE: [size] } }),
  }) as unknown as JmapClient;

describe("how much can be attached", () => {
  it("is what fits into the largest message when it is encoded", () => {
    const room = roomForFiles(client(50_000_000, "10240000"));
    expect(room).toBeLessThan(7_400_000);
    expect(room).toBeGreaterThan(7_200_000);
  });

  it("is the largest upload when that is smaller", () => {
    expect(roomForFiles(client(1_000_000, "10240000"))).toBe(1_000_000);
  });

  it("is without bounds when the server names none", () => {
    expect(roomForFiles(client())).toBe(Number.POSITIVE_INFINITY);
    expect(roomForFiles(client(undefined, "0"))).toBe(Number.POSITIVE_INFINITY);
  });
});
