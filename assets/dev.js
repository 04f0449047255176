// Linked in development only: loads the page again when the server has been started again.
"use strict";
{
  let known;
  const lookForServer = async () => {
    // Between two servers there is none: that is no answer, and the next look gets one.
    const answer = await fetch("/dev/version").catch(() => undefined);
    const version = answer?.ok && (await answer.text().catch(() => ""));
    if (version && known && version !== known) return location.reload();
    known ||= version;
    setTimeout(lookForServer, 1000);
  };
  lookForServer();
}
