// Trunk calls this while it fetches and starts the program (data-initializer in index.html).
// It says how far loading is, and why it ended when it cannot go on.
export default function start() {
  const word = () => document.getElementById("boot-word");
  return {
    onStart() {},
    onProgress({ current, total }) {
      const place = word();
      if (!place) return;
      const size = (bytes) => `${Math.round(bytes / 1000)} KB`;
      place.textContent = total > 0
        ? `Portolan is loading: ${size(current)} of ${size(total)}`
        : `Portolan is loading: ${size(current)}`;
    },
    onComplete() {},
    onSuccess() {
      // The program has cleared #app and drawn itself there.
      document.querySelector("#app > .boot")?.remove();
    },
    onFailure(error) {
      let place = word();
      if (!place) {
        // The program stopped after it had cleared the page.
        place = document.createElement("p");
        place.className = "boot-word";
        (document.getElementById("app") ?? document.body).replaceChildren(place);
      }
      place.classList.add("failed");
      place.setAttribute("role", "alert");
      place.textContent = typeof WebAssembly === "object"
        ? `Portolan could not start: ${error?.message ?? error}. Reloading may help.`
        : "Portolan needs WebAssembly, and this browser has none or has it switched off.";
      console.error(error);
    },
  };
}
