// Bug, breaks R6: after the skid register was full, or after reset, tready stays low until the source offers the next beat.
// AXI-Stream skid buffer: breaks the combinational path of tready at full throughput.
`default_nettype none

module skid_buffer #(
    parameter DATA_WIDTH = 8
) (
    input  logic                  clk,
    input  logic                  rst_n,
    input  logic [DATA_WIDTH-1:0] s_axis_tdata,
    input  logic                  s_axis_tlast,
    input  logic                  s_axis_tvalid,
    output logic                  s_axis_tready,
    output logic [DATA_WIDTH-1:0] m_axis_tdata,
    output logic                  m_axis_tlast,
    output logic                  m_axis_tvalid,
    input  logic                  m_axis_tready
);

    logic [DATA_WIDTH-1:0] skid_data;
    logic                  skid_last;
    logic                  skid_valid;
    logic                  take;
    logic                  move;

    assign take = s_axis_tvalid && s_axis_tready;
    assign move = !m_axis_tvalid || m_axis_tready;

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            s_axis_tready <= 1'b0;
            m_axis_tvalid <= 1'b0;
            m_axis_tdata  <= '0;
            m_axis_tlast  <= 1'b0;
            skid_valid    <= 1'b0;
            skid_data     <= '0;
            skid_last     <= 1'b0;
        end else begin
            s_axis_tready <= move ? (s_axis_tready || s_axis_tvalid) : !(skid_valid || take);
            if (move) begin
                m_axis_tvalid <= skid_valid || take;
                if (skid_valid) begin
                    m_axis_tdata <= skid_data;
                    m_axis_tlast <= skid_last;
                end else if (take) begin
                    m_axis_tdata <= s_axis_tdata;
                    m_axis_tlast <= s_axis_tlast;
                end
                skid_valid <= 1'b0;
            end else if (take) begin
                skid_valid <= 1'b1;
                skid_data  <= s_axis_tdata;
                skid_last  <= s_axis_tlast;
            end
        end
    end

endmodule

`default_nettype wire
