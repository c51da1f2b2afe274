// A guest books and moves, and the host cancels, with the client that was made from the API's description.
import { createClient } from "./client/client";
import { cancelBooking, createBooking, getPublicPage, listSlots, rescheduleGuestBooking } from "./client";

async function story(baseUrl: string, token: string, handle: string, page: string): Promise<string> {
  const guest = createClient({ baseUrl, throwOnError: true });
  const host = createClient({ baseUrl, throwOnError: true, auth: token });
  const where = { handle, page };

  const { data: shown } = await getPublicPage({ client: guest, path: where, throwOnError: true });
  const path = { ...where, event_type: shown.event_types[0].slug };
  const query = { from: "2026-03-03", to: "2026-03-06", timezone: "Europe/Berlin" };
  const { data: free } = await listSlots({ client: guest, path, query, throwOnError: true });
  const { data: booked } = await createBooking({
    client: guest,
    path,
    headers: { "Idempotency-Key": "a-key-of-its-own" },
    body: {
      start: free.slots[0],
      meeting_type: shown.event_types[0].meeting_types[0].type,
      guest: { name: "Ana Brito", email: "ana@guests.example", timezone: "America/Sao_Paulo" },
    },
    throwOnError: true,
  });
  const link = booked.manage_url!.split("/").pop()!;
  await rescheduleGuestBooking({
    client: guest,
    path: { token: link },
    body: { start: free.slots[3] },
    throwOnError: true,
  });
  const { data: cancelled } = await cancelBooking({
    client: host,
    path: { booking_id: booked.id },
    body: { reason: "Ill" },
    throwOnError: true,
  });
  return JSON.stringify({ id: booked.id, first: free.slots[0], start: cancelled.start, status: cancelled.status });
}

const [baseUrl, token, handle, page] = process.argv.slice(2);
story(baseUrl, token, handle, page).then(console.log, (problem) => {
  console.error(problem);
  process.exit(1);
});
