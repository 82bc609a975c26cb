/// The format of scripts, for help and manual.
public enum ScriptFormat {
  public static let help = """
    Scripts: one step a line, '#' begins a comment, texts stand in "…" (\\n \\t \\" \\\\ \\u{…} inside).

      start --model fashion_vgg     options of 'lrp explore'; those of the command line come after (first lines only)
      size 120x40                   columns x rows; without it, what the terminal has (in a batch 120x40)
      press j space ctrl-r f1       keys: a character, up down left right home end pageup pagedown insert delete
                                    backspace tab backtab enter escape space shift-up…, f1…, ctrl-x, alt-x
      type "0.5"  paste "a b"       text key by key, or pasted in one piece
      click 12 5 [middle|right]     column and row from 1; hold, drag and release are the parts of a click
      wheel up 12 5                 or down
      resize 80x24
      wait ready [SECONDS]          until nothing goes on in the background; or model, input, output, heatmap,
                                    files, failure, or a text that the screen shows: wait "3 marked"
      expect "3 marked"             the screen shows it now; 'expect no "…"': it does not
      pause 1.5  say "Now the ledger."   for those who watch
      maybe press u                 a step that may do nothing; without 'maybe' that is an error

    Between waits, nothing from the background reaches the screen, so a script gives the same picture on every machine.
    While a script plays, space halts it and any other key stops it and leaves you in the explorer.
    """
}
