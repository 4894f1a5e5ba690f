// mailto: links (RFC 6068) as an intent. Only what a stranger's link may set: never an attachment or a sender.
import type { EmailAddress } from "../jmap/types";
import { parse, without } from "./addresses";

export interface Mailto {
  to: EmailAddress[];
  cc: EmailAddress[];
  bcc: EmailAddress[];
  subject: string;
  body: string;
  inReplyTo: string | undefined;
}

export function parseMailto(url: string): Mailto {
  const rest = url.replace(/^mailto:/i, "");
  const mark = rest.indexOf("?");
  const path = mark < 0 ? rest : rest.slice(0, mark);
  const result: Mailto = {
    to: parse(decode(path)).addresses,
    cc: [],
    bcc: [],
    subject: "",
    body: "",
    inReplyTo: undefined,
  };
  for (const field of mark < 0 ? [] : rest.slice(mark + 1).split("&")) {
    const equals = field.indexOf("=");
    if (equals < 0) continue;
    const text = decode(field.slice(equals + 1));
    switch (decode(field.slice(0, equals)).toLowerCase()) {
      case "to":
        result.to.push(...parse(text).addresses);
        break;
      case "cc":
        result.cc.push(...parse(text).addresses);
        break;
      case "bcc":
        result.bcc.push(...parse(text).addresses);
        break;
      case "subject":
        result.subject = text.replace(/[\r\n]+/g, " ");
        break;
      case "body":
        result.body += (result.body ? "\n" : "") + text.replace(/\r\n?/g, "\n");
        break;
      case "in-reply-to":
        result.inReplyTo = /<?([^<>\s]+@[^<>\s]+)>?/.exec(text)?.[1];
        break;
    }
  }
  result.to = without(result.to);
  return result;
}

/** "+" is a plus here, not a space (RFC 6068 §5); a broken escape stays as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%([0-9a-f]{2})/gi, (whole, hex: string) => {
      const code = Number.parseInt(hex, 16);
      return code < 128 ? String.fromCharCode(code) : whole;
    });
  }
}
