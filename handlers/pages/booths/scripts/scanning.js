// Reads visitors' codes with the device's camera, where the browser can read QR codes; elsewhere codes are typed.

const LOOK_EVERY = 200;

export async function canScan() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  const formats = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
  return formats.includes("qr_code");
}

/** Shows the camera at the back in `video` and tells `heard` every code once, until the video is taken off the page. */
export async function scan(video, heard) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
  let last = "";
  video.srcObject = stream;
  video.play().catch(() => {});
  const look = async () => {
    if (!video.isConnected) return stream.getTracks().forEach((track) => track.stop());
    const [found] = await detector.detect(video).catch(() => []);
    if (found && found.rawValue !== last) {
      last = found.rawValue;
      await heard(last);
    }
    return setTimeout(look, LOOK_EVERY);
  };
  look();
}
