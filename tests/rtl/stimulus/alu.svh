// Corner operands, often equal or neighbours, and every opcode.
task drive;
  begin
    op = below(16);
    a  = corner(8);
    b  = corner(8);
    if (chance(32)) b = a;
    if (chance(32)) b = a + 1;
  end
endtask
