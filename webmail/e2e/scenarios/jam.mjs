// An independent JMAP client of the npm registry, jmap-jam, against the server: nothing of ours on the client's side.
import assert from "node:assert/strict";
import { test } from "node:test";
import JamClient from "jmap-jam";
import { OTHER, PASSWORD, USER } from "../lib/house.mjs";

/** Signs in like the webmail, asks for a token like the settings page, and goes on with the token alone. */
export async function token(house, user = USER) {
  const json = { "Content-Type": "application/json" };
  const signedIn = await fetch(`${house.url}/auth/sign-in`, {
    method: "POST",
    headers: json,
    body: JSON.stringify({ name: user, password: PASSWORD }),
  });
  assert.equal(signedIn.status, 200, await signedIn.clone().text());
  const [cookie] = signedIn.headers.get("set-cookie").split(";");
  const made = await fetch(`${house.url}/auth/tokens`, {
    method: "POST",
    headers: { ...json, Cookie: cookie },
    body: JSON.stringify({ name: "jam", password: PASSWORD }),
  });
  assert.ok(made.ok, await made.clone().text());
  return (await made.json()).token;
}

export default function jam(stage) {
  test("jmap-jam: session, query and get by reference, set, upload, submission", async () => {
    const { house } = stage;
    const client = new JamClient({ sessionUrl: `${house.url}/.well-known/jmap`, bearerToken: await token(house) });
    const session = await client.session;
    assert.equal(session.username, USER);
    const accountId = await client.getPrimaryAccount();

    const [{ list: mailboxes }] = await client.api.Mailbox.get({ accountId });
    const role = (name) => mailboxes.find((box) => box.role === name).id;
    const total = mailboxes.find((box) => box.role === "inbox").totalEmails;
    assert.ok(total >= stage.messages, `${total} in INBOX`);

    const [{ found, emails, threads }] = await client.requestMany((t) => {
      const found = t.Email.query({
        accountId,
        filter: { inMailbox: role("inbox") },
        sort: [{ property: "receivedAt", isAscending: false }],
        limit: 10,
        calculateTotal: true,
      });
      const emails = t.Email.get({
        accountId,
        ids: found.$ref("/ids"),
        properties: ["id", "threadId", "subject", "from", "receivedAt", "keywords", "preview"],
      });
      return { found, emails, threads: t.Thread.get({ accountId, ids: emails.$ref("/list/*/threadId") }) };
    });
    assert.equal(found.total, total);
    assert.deepEqual(
      emails.list.map((email) => email.id),
      found.ids,
    );
    assert.deepEqual(
      emails.list.map((email) => email.receivedAt),
      emails.list.map((email) => email.receivedAt).sort((a, b) => b.localeCompare(a)),
    );
    assert.ok(threads.list.every((thread) => thread.emailIds.length > 0));

    const [id] = found.ids;
    const [{ updated }] = await client.api.Email.set({
      accountId,
      update: { [id]: { "keywords/$flagged": true, "keywords/jam": true } },
    });
    assert.ok(id in updated);
    const [{ list }] = await client.api.Email.get({ accountId, ids: [id], properties: ["keywords"] });
    assert.ok(list[0].keywords.$flagged && list[0].keywords.jam);

    const upload = await client.uploadBlob(accountId, new Blob(["a file from jam"], { type: "text/plain" }));
    const [{ created }] = await client.api.Email.set({
      accountId,
      create: {
        draft: {
          mailboxIds: { [role("drafts")]: true },
          keywords: { $draft: true, $seen: true },
          from: [{ name: "Ada", email: USER }],
          to: [{ name: "Bob", email: OTHER }],
          subject: "From another client",
          textBody: [{ partId: "t", type: "text/plain" }],
          bodyValues: { t: { value: "Sent by jmap-jam." } },
          attachments: [{ blobId: upload.blobId, type: "text/plain", name: "jam.txt", disposition: "attachment" }],
        },
      },
    });
    assert.ok(created?.draft?.id, "the draft was made");
    const [{ list: identities }] = await client.api.Identity.get({ accountId });
    const [submitted] = await client.api.EmailSubmission.set({
      accountId,
      create: { s: { emailId: created.draft.id, identityId: identities[0].id } },
      onSuccessUpdateEmail: {
        "#s": {
          [`mailboxIds/${role("drafts")}`]: null,
          [`mailboxIds/${role("sent")}`]: true,
          "keywords/$draft": null,
        },
      },
    });
    assert.ok(submitted.created?.s?.id, JSON.stringify(submitted.notCreated));

    const bob = await house.imap("INBOX", OTHER);
    await stage.until("bob has it", async () => (await bob.search('SUBJECT "From another client"')).length === 1);
    assert.match(await bob.say("UID FETCH 1:* (BODY[])"), /jam\.txt/);
    bob.close();
  });

  test("jmap-jam: a blob comes back as it went, a wrong token gets nothing", async () => {
    const { house } = stage;
    const client = new JamClient({ sessionUrl: `${house.url}/.well-known/jmap`, bearerToken: await token(house) });
    const accountId = await client.getPrimaryAccount();
    const octets = new Uint8Array(70_000).map((_, i) => i % 251);
    const { blobId } = await client.uploadBlob(accountId, new Blob([octets], { type: "application/octet-stream" }));
    const answer = await client.downloadBlob({
      accountId,
      blobId,
      mimeType: "application/octet-stream",
      fileName: "x.bin",
    });
    assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), octets);
    const refused = await fetch(`${house.url}/.well-known/jmap`, { headers: { Authorization: "Bearer nonsense" } });
    assert.equal(refused.status, 401);
  });
}
