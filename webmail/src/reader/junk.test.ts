import { describe, expect, it } from "vitest";
import type { Email } from "../jmap/types";
import { junkLine, junkReport } from "./junk";

const email = (value?: string) =>
  ({ headers: value === undefined ? [] : [{ name: "X-Spam-Status", value }] }) as unknown as Email;

describe("why a mail is junk", () => {
  it("names the heaviest reasons once each", () => {
    const report = junkReport(
      email(
        " Yes, score=7.1 required=5.0\r\n\ttests=[FILE_RUNS=4.0,\r\n\t LINK_NUMBER=2.0,\r\n\t LINK_USER=2.0, SPF_PASS=-0.2]",
      ),
    );
    expect(report?.junk).toBe(true);
    expect(report?.reasons).toHaveLength(2);
  });

  it("says why wanted mail is wanted", () => {
    const wanted = email("No, score=-5.2 required=5.0 tests=[CORRESPONDENT=-5.0, HTML_ONLY=0.4]");
    expect(junkReport(wanted)).toMatchObject({ junk: false, reasons: [expect.any(String)] });
    expect(junkLine(wanted)).toBeDefined();
  });

  it("says nothing without the field or without a reason", () => {
    expect(junkLine(email())).toBeUndefined();
    expect(junkLine(email("No, score=0.4 required=5.0 tests=[HTML_ONLY=0.4]"))).toBeUndefined();
    expect(junkLine(email("Yes"))).toBeUndefined();
  });
});
