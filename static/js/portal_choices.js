/* Who has chosen has found it: what they had searched for is not put in the place of their choice any more.

   data-found-by="id" on what holds the choices names the form that searches for them.
*/

export function startChoices() {
  document.addEventListener("change", ({target}) => {
    const search = document.getElementById(target.closest("[data-found-by]")?.dataset.foundBy);
    if (search) window.htmx.trigger(search, "htmx:abort");
  });
}
