/**
 * The document at an address of ours; the browser asks with its ETag, so an unchanged one costs next to nothing. The
 * browser itself reads it, as a document in which nothing runs: no text of ours is turned into markup by a script, which
 * the pages' policy would not allow.
 */
export function fetched(address: string): Promise<Document> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.setRequestHeader("accept", "text/html");
    // Whoever asks has heard of a change: the site is to give nothing that it made before.
    request.setRequestHeader("cache-control", "max-age=0");
    request.onload = () => {
      if (request.status === 200 && request.responseXML) resolve(request.responseXML);
      else reject(new Error(`${address}: ${request.status}`));
    };
    request.onerror = () => reject(new Error(`${address}: no connection`));
    request.send();
  });
}
