// Remembers in the browser which phones lie on the desk; an address with ?person= opens just that one and remembers nothing.

const KEY = "sandbox.phones";

/** {phones: [{person, chat}] | null, remembered: bool}. */
export function readLayout() {
  const query = new URLSearchParams(location.search);
  if (query.has("person")) return { phones: [{ person: Number(query.get("person")), chat: query.get("chat") }], remembered: false };
  return { phones: stored(), remembered: true };
}

function stored() {
  try {
    const phones = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(phones) ? phones.filter((phone) => Number.isInteger(phone?.person)) : null;
  } catch {
    return null;
  }
}

export const writeLayout = (phones) => localStorage.setItem(KEY, JSON.stringify(phones));
