// None, one, two or many lines.
task drive;
  begin
    enable = chance(224);
    lines  = corner(8);
    if (chance(64)) lines = 1 << below(8);
    if (chance(64)) lines = (1 << below(8)) | (1 << below(8));
  end
endtask
