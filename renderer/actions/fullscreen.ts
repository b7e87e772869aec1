/**
 * The whole page goes full screen and the player fills it: menus and tooltips are drawn at the end of the page, and
 * would be out of sight if the player's element alone went.
 */
export async function toggleFullscreen(): Promise<void> {
  if (document.fullscreenElement === null) await document.documentElement.requestFullscreen();
  else await document.exitFullscreen();
}
