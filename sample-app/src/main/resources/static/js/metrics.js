const NAMES = ['duplicates', 'conflicts'];

const seen = new Set();

/** Shows the counters of the library. Actuator does not know a meter before its first use. */
export async function showMetrics() {
  if (seen.size < NAMES.length) {
    const { names } = await json('/actuator/metrics');
    NAMES.filter((name) => names.includes(`idempotency.${name}`)).forEach((name) => seen.add(name));
  }
  for (const name of NAMES) {
    document.getElementById(name).textContent = seen.has(name) ? await count(name) : 0;
  }
}

async function count(name) {
  const { measurements } = await json(`/actuator/metrics/idempotency.${name}`);
  return measurements[0].value;
}

const json = async (path) => (await fetch(path)).json();
